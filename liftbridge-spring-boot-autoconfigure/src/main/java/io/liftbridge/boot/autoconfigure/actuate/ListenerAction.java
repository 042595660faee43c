package io.liftbridge.boot.autoconfigure.actuate;

import java.util.Arrays;
import java.util.Locale;

/**
 * What can be done with a listener.
 */
enum ListenerAction {

	PAUSE, RESUME, SEEK, RESTART, REPLAY;

	static ListenerAction of(String name) {
		return Arrays.stream(values())
			.filter((action) -> action.text().equals(name))
			.findFirst()
			.orElseThrow(() -> ListenerRequest.invalid("action '" + name + "' is not known: use "
					+ String.join(", ", Arrays.stream(values()).map(ListenerAction::text).toList())));
	}

	String text() {
		return name().toLowerCase(Locale.ROOT);
	}

}
