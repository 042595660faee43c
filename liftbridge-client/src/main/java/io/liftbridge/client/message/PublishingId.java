package io.liftbridge.client.message;

import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * What producers with publishing ids write to their messages: who they are, and a number
 * that rises with each message of a partition.
 */
public final class PublishingId {

	/** The header that names the producer. */
	public static final String PRODUCER_HEADER = "Liftbridge-Producer";

	/**
	 * The header with the number, in decimal. On a batch entry it may end in {@code +}:
	 * the first record has this number, and each further one the next.
	 */
	public static final String HEADER = "Liftbridge-Publishing-Id";

	/**
	 * The header by which a producer with {@code idempotence} recognises its own messages
	 * when it reads them back.
	 */
	public static final String TOKEN_HEADER = "Liftbridge-Token";

	private PublishingId() {
	}

	/**
	 * Reads the number of a message or record.
	 * @param message what was read
	 * @return the number, empty if it has none that can be read
	 */
	public static OptionalLong of(ReceivedMessage<?> message) {
		OptionalLong first = parse(message.headers().text(HEADER));
		return (first.isPresent() && isRun(message.headers().text(HEADER)))
				? OptionalLong.of(first.getAsLong() + message.index()) : first;
	}

	/**
	 * Tells who has written a message.
	 * @param message what was read
	 * @return the producer's name, or {@code null} if it has no publishing ids
	 */
	public static @Nullable String producer(ReceivedMessage<?> message) {
		return message.headers().text(PRODUCER_HEADER);
	}

	/**
	 * Reads the number in a header.
	 * @param text the header's text, {@code null} if there is none
	 * @return the number, that of the first record if it is for several; empty if there
	 * is none that can be read
	 */
	public static OptionalLong parse(@Nullable String text) {
		if (text == null) {
			return OptionalLong.empty();
		}
		try {
			long number = Long.parseLong(text, 0, text.length() - (isRun(text) ? 1 : 0), 10);
			return (number >= 0) ? OptionalLong.of(number) : OptionalLong.empty();
		}
		catch (NumberFormatException ex) {
			return OptionalLong.empty();
		}
	}

	/**
	 * Whether the number in a header is that of the first of several records.
	 * @param text the header's text, {@code null} if there is none
	 * @return whether each further record has the next number
	 */
	public static boolean isRun(@Nullable String text) {
		return text != null && text.endsWith("+");
	}

}
