package io.liftbridge.embedded;

/**
 * The directory of a broker cannot be used: another broker uses it, it cannot be written
 * to, or what is in it cannot be read. The message names the file and the remedy.
 */
public class BrokerDirectoryException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	BrokerDirectoryException(Throwable cause) {
		super(cause.getMessage(), cause);
	}

}
