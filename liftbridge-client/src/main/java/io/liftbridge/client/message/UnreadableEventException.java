package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A message of a topic cannot be read as what the topic carries.
 */
public class UnreadableEventException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final transient @Nullable ReceivedMessage<byte[]> raw;

	/**
	 * Creates the exception.
	 * @param message what cannot be read and what can be done
	 * @param raw the message as it is stored
	 * @param cause the reason
	 */
	public UnreadableEventException(String message, ReceivedMessage<byte[]> raw, Throwable cause) {
		super(message, cause, Outcome.REFUSED);
		this.raw = raw;
	}

	/**
	 * The message as it is stored.
	 * @return the message, or {@code null} if it is not known, as after serialization
	 */
	public @Nullable ReceivedMessage<byte[]> raw() {
		return this.raw;
	}

}
