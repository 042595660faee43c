package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * An event does not fit its topic: the validator refuses it, or it cannot be serialized.
 * Nothing was sent.
 */
public class InvalidEventException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final String path;

	private final String reason;

	/**
	 * Creates the exception, as validators do.
	 * @param path where in the event, as {@code $.customer.name}; {@code $} for the whole
	 * @param reason what is wrong there
	 */
	public InvalidEventException(String path, String reason) {
		this("The event is invalid at " + path + ": " + reason, path, reason, null);
	}

	/**
	 * Creates the exception.
	 * @param message what is wrong and what can be done
	 * @param path where in the event
	 * @param reason what is wrong there
	 * @param cause the reason, where there is one
	 */
	public InvalidEventException(String message, String path, String reason, @Nullable Throwable cause) {
		super(message, cause, Outcome.NOT_SENT);
		this.path = path;
		this.reason = reason;
	}

	/**
	 * Tells where in the event something is wrong.
	 * @return the path, as {@code $.customer.name}; {@code $} for the whole
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Tells what is wrong there.
	 * @return the reason
	 */
	public String reason() {
		return this.reason;
	}

}
