package io.liftbridge.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A listener at work. It starts while brokers are down or streams are missing, keeps
 * trying, and recovers by itself. Safe for use by many threads.
 */
public interface ListenerContainer extends SmartLifecycle {

	/** Containers start after most other beans and stop before them. */
	int PHASE = Integer.MAX_VALUE - 100;

	/**
	 * The listener's id.
	 * @return the id, unique in the application
	 */
	String id();

	/**
	 * The options it works with.
	 * @return the options, not to be changed any more
	 */
	ContainerProperties properties();

	/**
	 * Tells where the container is in its life.
	 * @return the state
	 */
	ContainerState state();

	/**
	 * Tells why the container has failed.
	 * @return the reason in state {@link ContainerState#FAILED}, otherwise {@code null}
	 */
	@Nullable Throwable failure();

	/**
	 * Tells how each partition fares. Asks no broker and never waits.
	 * @return the partitions by stream and number, empty while stopped for the first time
	 */
	List<PartitionStatus> partitions();

	/**
	 * Starts in the background and returns at once.
	 */
	@Override
	void start();

	/**
	 * Finishes the message each listener is at, stores positions, and returns; at the
	 * latest after the shutdown timeout. A listener that then still runs is interrupted,
	 * and its message is delivered again after the next start. Called by the listener
	 * itself it does not wait. The second call is free.
	 */
	@Override
	void stop();

	@Override
	default int getPhase() {
		return PHASE;
	}

}
