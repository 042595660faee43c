package io.liftbridge.sample;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A message that a listener could not process, as its headers in the dead-letter stream
 * describe it.
 *
 * @param listener the listener that failed
 * @param stream where the message was read
 * @param partition in which partition
 * @param offset at which offset
 * @param reason why it failed
 * @param value the beginning of its value
 */
record DeadLetter(@Nullable String listener, @Nullable String stream, @Nullable String partition,
		@Nullable String offset, @Nullable String reason, String value) {

	private static final int MAX_VALUE = 500;

	static DeadLetter of(ReceivedMessage<byte[]> message) {
		return new DeadLetter(message.headers().text(LiftbridgeHeaders.DLT_LISTENER_ID),
				message.headers().text(LiftbridgeHeaders.DLT_STREAM),
				message.headers().text(LiftbridgeHeaders.DLT_PARTITION),
				message.headers().text(LiftbridgeHeaders.DLT_OFFSET),
				message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE), shorten(message.text()));
	}

	private static String shorten(String text) {
		return (text.length() > MAX_VALUE) ? text.substring(0, MAX_VALUE) + "…" : text;
	}

}
