package io.liftbridge.client.consumer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Which messages are delivered: those whose headers have one of some values, and that
 * fulfil a condition. Immutable. For use inside the client.
 */
public final class MessageFilter {

	static final MessageFilter ALL = new MessageFilter(Map.of(), false, (message) -> true);

	private final Map<String, Set<String>> headers;

	private final boolean matchUnfiltered;

	private final Predicate<? super ReceivedMessage<byte[]>> condition;

	private MessageFilter(Map<String, Set<String>> headers, boolean matchUnfiltered,
			Predicate<? super ReceivedMessage<byte[]>> condition) {
		this.headers = headers;
		this.matchUnfiltered = matchUnfiltered;
		this.condition = condition;
	}

	MessageFilter header(String name, String... values) {
		if (name.isEmpty() || values.length == 0) {
			throw new InvalidRequestException(
					"A filter by header '" + name + "' would let nothing pass: name the header and at least one value.",
					null);
		}
		Map<String, Set<String>> more = new LinkedHashMap<>(this.headers);
		more.put(name, Set.copyOf(List.of(values)));
		return new MessageFilter(more, this.matchUnfiltered, this.condition);
	}

	MessageFilter matchUnfiltered(boolean match) {
		return new MessageFilter(this.headers, match, this.condition);
	}

	MessageFilter and(Predicate<? super ReceivedMessage<byte[]>> more) {
		Predicate<? super ReceivedMessage<byte[]>> before = this.condition;
		return new MessageFilter(this.headers, this.matchUnfiltered,
				(message) -> before.test(message) && more.test(message));
	}

	boolean matches(ReceivedMessage<byte[]> message) {
		for (Map.Entry<String, Set<String>> wanted : this.headers.entrySet()) {
			String value = message.headers().text(wanted.getKey());
			if ((value == null) ? !this.matchUnfiltered : !wanted.getValue().contains(value)) {
				return false;
			}
		}
		return this.condition.test(message);
	}

}
