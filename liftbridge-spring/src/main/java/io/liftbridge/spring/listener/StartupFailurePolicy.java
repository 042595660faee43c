package io.liftbridge.spring.listener;

/**
 * What becomes of a listener that cannot begin to read when it is started, because no
 * broker answers or a stream does not exist. Once it has been running, a listener always
 * keeps trying.
 */
public enum StartupFailurePolicy {

	/** It keeps trying, and the application starts meanwhile. */
	RETRY,

	/**
	 * Starting it waits until it is running, and fails if it cannot be; so does the start
	 * of the application.
	 */
	STOP,

	/** It is stopped, in state {@link ContainerState#FAILED}; the application goes on. */
	CONTINUE

}
