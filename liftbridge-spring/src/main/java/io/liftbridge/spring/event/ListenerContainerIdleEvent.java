package io.liftbridge.spring.event;

import java.time.Duration;

/**
 * A listener has received no message for some time. Told once, until it receives one.
 */
public class ListenerContainerIdleEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final Duration idleTime;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param idleTime since when it has received nothing
	 */
	public ListenerContainerIdleEvent(Object source, String listenerId, Duration idleTime) {
		super(source, listenerId);
		this.idleTime = idleTime;
	}

	/**
	 * Tells for how long.
	 * @return since when it has received nothing
	 */
	public Duration getIdleTime() {
		return this.idleTime;
	}

	@Override
	String details() {
		return "no message for " + this.idleTime;
	}

}
