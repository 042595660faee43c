package io.liftbridge.embedded.log;

import java.io.IOException;

/**
 * What should be kept on disk could not be. The message names the file.
 */
public class StorageException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Tells a failure.
	 * @param message what failed, with the file's name
	 * @param cause what the file system said
	 */
	public StorageException(String message, IOException cause) {
		super(message + ": " + cause, cause);
	}

	/**
	 * Tells a failure.
	 * @param message what failed, with the file's name
	 */
	public StorageException(String message) {
		super(message);
	}

}
