package io.liftbridge.spring.listener.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;

/**
 * Writes dead letters.
 */
final class DeadLetters {

	private static final int MAX_MESSAGE_LENGTH = 1024;

	private static final Set<String> ENTRY = Set.of(EntryHeaders.ENCODING, EntryHeaders.BATCH, EntryHeaders.CHUNK,
			EntryHeaders.CHUNK_KEY);

	/** What a dead letter says, too. */
	private static final String RETRY_PREFIX = LiftbridgeHeaders.PREFIX + "retry_";

	private DeadLetters() {
	}

	/**
	 * A dead letter in several forms, each smaller than the one before.
	 * @param maxTraceLength longest stack trace, in characters
	 * @return the forms
	 */
	static List<Message> of(ReceivedMessage<byte[]> message, ListenerFailure failure, int maxTraceLength) {
		Map<String, byte[]> origin = origin(message);
		Map<String, byte[]> full = new LinkedHashMap<>();
		boolean malformed = failure.cause() instanceof MalformedEntryException;
		message.headers().forEach((name, value) -> {
			if (malformed && ENTRY.contains(name)) {
				// Who reads dead letters must get the bytes, not the same failure.
				full.put(LiftbridgeHeaders.DLT_ENTRY_PREFIX + name, value);
			}
			else if (!name.equals("subject") && !name.equals("reply") && !name.startsWith(RETRY_PREFIX)) {
				full.put(name, value);
			}
		});
		full.putAll(origin);
		put(full, LiftbridgeHeaders.DLT_TIMESTAMP, message.timestamp().toString());
		put(full, LiftbridgeHeaders.DLT_ATTEMPTS, Integer.toString(Redelivery.attempts(message) + failure.attempts()));
		put(full, LiftbridgeHeaders.DLT_LISTENER_ID, failure.listenerId());
		put(full, LiftbridgeHeaders.DLT_EXCEPTION_CLASS, failure.cause().getClass().getName());
		put(full, LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE,
				shorten(FailureText.reasonOf(failure.cause()), MAX_MESSAGE_LENGTH));
		Map<String, byte[]> traced = new LinkedHashMap<>(full);
		if (maxTraceLength > 0) {
			put(traced, LiftbridgeHeaders.DLT_EXCEPTION_TRACE, shorten(trace(failure.cause()), maxTraceLength));
		}
		Map<String, byte[]> empty = new LinkedHashMap<>(origin);
		put(empty, LiftbridgeHeaders.DLT_EXCEPTION_CLASS, failure.cause().getClass().getName());
		put(empty, LiftbridgeHeaders.DLT_VALUE_OMITTED, "true");
		return List.of(letter(message, traced, true), letter(message, full, true), letter(message, origin, true),
				letter(message, empty, false));
	}

	private static Map<String, byte[]> origin(ReceivedMessage<byte[]> message) {
		Map<String, byte[]> origin = new LinkedHashMap<>();
		put(origin, LiftbridgeHeaders.DLT_STREAM, message.stream());
		put(origin, LiftbridgeHeaders.DLT_PARTITION, Integer.toString(message.partition()));
		put(origin, LiftbridgeHeaders.DLT_OFFSET, Long.toString(message.offset()));
		if (message.recordCount() > 1) {
			put(origin, LiftbridgeHeaders.DLT_INDEX, Integer.toString(message.index()));
		}
		return origin;
	}

	private static Message letter(ReceivedMessage<byte[]> message, Map<String, byte[]> headers, boolean value) {
		// With all in-sync replicas: the original may be gone by retention soon.
		Message.Builder builder = Message.builder()
			.headers(Headers.of(headers))
			.partition(message.partition())
			.ackPolicy(AckPolicy.ALL);
		return (value ? builder.key(message.key()).value(message.value()) : builder).build();
	}

	private static void put(Map<String, byte[]> headers, String name, String value) {
		headers.put(name, value.getBytes(StandardCharsets.UTF_8));
	}

	private static String shorten(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length) + "...";
	}

	private static String trace(Throwable cause) {
		StringWriter writer = new StringWriter();
		cause.printStackTrace(new PrintWriter(writer));
		return writer.toString();
	}

}
