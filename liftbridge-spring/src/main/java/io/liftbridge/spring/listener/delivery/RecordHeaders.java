package io.liftbridge.spring.listener.delivery;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;

/**
 * Headers without an id and a time of their own, which nobody asked for and which cost
 * more than the rest.
 */
final class RecordHeaders extends MessageHeaders {

	/** For messages of which nobody asks the headers. */
	static final RecordHeaders NONE = new RecordHeaders(Map.of());

	private static final long serialVersionUID = 1L;

	RecordHeaders(Map<String, Object> headers) {
		super(headers, ID_VALUE_NONE, -1L);
		// The superclass takes these for its own; here they are the sender's.
		restore(headers, ID);
		restore(headers, TIMESTAMP);
	}

	private void restore(Map<String, Object> headers, String name) {
		Object value = headers.get(name);
		if (value != null) {
			getRawHeaders().put(name, value);
		}
	}

	@Override
	public @Nullable UUID getId() {
		return null;
	}

	@Override
	public @Nullable Long getTimestamp() {
		return null;
	}

}
