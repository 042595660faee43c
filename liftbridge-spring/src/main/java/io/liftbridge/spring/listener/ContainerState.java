package io.liftbridge.spring.listener;

/**
 * Where a container is in its life.
 */
public enum ContainerState {

	/** It delivers nothing. */
	STOPPED,

	/** It was started; not every partition has been live yet. */
	STARTING,

	/** Every partition has been live. How each fares now tells its own state. */
	RUNNING,

	/** It waits for listeners that run and stores positions. */
	STOPPING,

	/** It cannot work as it is configured, and delivers nothing. */
	FAILED

}
