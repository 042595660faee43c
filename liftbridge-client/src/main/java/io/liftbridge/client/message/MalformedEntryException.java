package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that announce a known format do not keep to it: truncated, damaged, or made by
 * something else. Where a consumer meets such a message, {@link #raw()} is the message as
 * it is stored.
 */
public class MalformedEntryException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final transient @Nullable ReceivedMessage<byte[]> raw;

	private final String reason;

	/**
	 * Creates the exception for bytes that belong to no message.
	 * @param message what is wrong, and where
	 * @param cause the reason, where there is one
	 */
	public MalformedEntryException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
		this.raw = null;
		this.reason = message;
	}

	/**
	 * Creates the exception for a message.
	 * @param raw the message with its headers, key and value as they are stored
	 * @param reason what is wrong with it
	 * @param remedy what can be done
	 * @param cause the reason, where there is one
	 */
	public MalformedEntryException(ReceivedMessage<byte[]> raw, String reason, String remedy,
			@Nullable Throwable cause) {
		super("stream '" + raw.stream() + "' partition " + raw.partition() + " offset " + raw.offset()
				+ " cannot be read: " + reason + (reason.endsWith(".") ? " " : ". ") + remedy, cause, Outcome.REFUSED);
		this.raw = raw;
		this.reason = reason;
	}

	/**
	 * The message as it is stored.
	 * @return the message, or {@code null} if it is not known, as after serialization
	 */
	public @Nullable ReceivedMessage<byte[]> raw() {
		return this.raw;
	}

	/**
	 * What is wrong, without the place.
	 * @return the reason
	 */
	public String reason() {
		return this.reason;
	}

}
