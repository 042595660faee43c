package io.liftbridge.spring.listener.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;

/**
 * Messages on retry streams: written when they have failed, and turned into what they
 * were before they are delivered again.
 */
final class Redelivery {

	private static final int MAX_TEXT_LENGTH = 1024;

	/** What the listener does not see. */
	private static final Set<String> HIDDEN = Set.of(LiftbridgeHeaders.RETRY_STREAM, LiftbridgeHeaders.RETRY_PARTITION,
			LiftbridgeHeaders.RETRY_OFFSET, LiftbridgeHeaders.RETRY_INDEX, LiftbridgeHeaders.RETRY_TIMESTAMP,
			LiftbridgeHeaders.RETRY_CURSOR_ID, LiftbridgeHeaders.RETRY_DUE);

	private Redelivery() {
	}

	/** Whether a message was written by {@link #message}. */
	static boolean isRedelivered(ReceivedMessage<?> message) {
		return message.headers().get(LiftbridgeHeaders.RETRY_STREAM) != null;
	}

	/** Whether another listener of the same stream has failed on it. */
	static boolean isOfAnother(ReceivedMessage<?> message, String cursorId) {
		return isRedelivered(message) && !cursorId.equals(message.headers().text(LiftbridgeHeaders.RETRY_CURSOR_ID));
	}

	/** When a message may be delivered, in Unix milliseconds; 0 for at once. */
	static long due(ReceivedMessage<?> message) {
		return isRedelivered(message) ? number(message, LiftbridgeHeaders.RETRY_DUE, 0) : 0;
	}

	/** How often a message has come back, 0 for never. */
	static int round(ReceivedMessage<?> message) {
		return (int) number(message, LiftbridgeHeaders.RETRY_ROUND, 0);
	}

	/** How often a message was tried before it was delivered this time. */
	static int attempts(ReceivedMessage<?> message) {
		return (int) number(message, LiftbridgeHeaders.RETRY_ATTEMPTS, 0);
	}

	/** The message as it was before it came back, or itself if it did not. */
	static ReceivedMessage<byte[]> original(ReceivedMessage<byte[]> message) {
		String stream = message.headers().text(LiftbridgeHeaders.RETRY_STREAM);
		if (stream == null) {
			return message;
		}
		Map<String, byte[]> headers = new LinkedHashMap<>();
		message.headers().forEach((name, value) -> {
			if (!HIDDEN.contains(name)) {
				headers.put(name, value);
			}
		});
		Headers visible = Headers.received(headers);
		ReceivedMessage<byte[]> original = ReceivedMessage.of(stream,
				(int) number(message, LiftbridgeHeaders.RETRY_PARTITION, message.partition()),
				number(message, LiftbridgeHeaders.RETRY_OFFSET, message.offset()),
				number(message, LiftbridgeHeaders.RETRY_TIMESTAMP, message.timestampNanos()), message.key(),
				message.value(), visible, message.subject());
		String index = message.headers().text(LiftbridgeHeaders.RETRY_INDEX);
		int slash = (index != null) ? index.indexOf('/') : -1;
		if (index == null || slash < 0) {
			return original;
		}
		return original.record((int) number(index.substring(0, slash), 0), (int) number(index.substring(slash + 1), 1),
				0, message.key(), message.value(), visible);
	}

	/**
	 * What is written.
	 * @param message the message as it was before
	 * @param due when it is to be delivered again
	 */
	static Message message(ReceivedMessage<byte[]> message, ListenerFailure failure, Instant due) {
		Map<String, byte[]> headers = new LinkedHashMap<>();
		message.headers().forEach((name, value) -> {
			if (!name.equals("subject") && !name.equals("reply")) {
				headers.put(name, value);
			}
		});
		put(headers, LiftbridgeHeaders.RETRY_STREAM, message.stream());
		put(headers, LiftbridgeHeaders.RETRY_PARTITION, Integer.toString(message.partition()));
		put(headers, LiftbridgeHeaders.RETRY_OFFSET, Long.toString(message.offset()));
		if (message.recordCount() > 1) {
			put(headers, LiftbridgeHeaders.RETRY_INDEX, message.index() + "/" + message.recordCount());
		}
		put(headers, LiftbridgeHeaders.RETRY_TIMESTAMP, Long.toString(message.timestampNanos()));
		put(headers, LiftbridgeHeaders.RETRY_CURSOR_ID, failure.cursorId());
		put(headers, LiftbridgeHeaders.RETRY_DUE, Long.toString(due.toEpochMilli()));
		put(headers, LiftbridgeHeaders.RETRY_ROUND, Integer.toString(round(message) + 1));
		put(headers, LiftbridgeHeaders.RETRY_ATTEMPTS, Integer.toString(attempts(message) + failure.attempts()));
		put(headers, LiftbridgeHeaders.RETRY_EXCEPTION_CLASS, failure.cause().getClass().getName());
		put(headers, LiftbridgeHeaders.RETRY_EXCEPTION_MESSAGE, shorten(FailureText.reasonOf(failure.cause())));
		// With all in-sync replicas: the position moves on behind the original.
		return Message.builder()
			.headers(Headers.of(headers))
			.partition(message.partition())
			.ackPolicy(AckPolicy.ALL)
			.key(message.key())
			.value(message.value())
			.build();
	}

	private static void put(Map<String, byte[]> headers, String name, String value) {
		headers.put(name, value.getBytes(StandardCharsets.UTF_8));
	}

	private static String shorten(String text) {
		return (text.length() <= MAX_TEXT_LENGTH) ? text : text.substring(0, MAX_TEXT_LENGTH) + "...";
	}

	private static long number(ReceivedMessage<?> message, String header, long otherwise) {
		String text = message.headers().text(header);
		return (text != null) ? number(text, otherwise) : otherwise;
	}

	/** Whoever else has written such a header must not stop the partition. */
	private static long number(String text, long otherwise) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return otherwise;
		}
	}

}
