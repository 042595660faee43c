package io.liftbridge.embedded.log;

/**
 * A question to a log that has no answer. The message is the text a real broker uses.
 */
public class LogException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	LogException(String message) {
		super(message, null, false, false);
	}

}
