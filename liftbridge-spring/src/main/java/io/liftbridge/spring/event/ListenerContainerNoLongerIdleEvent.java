package io.liftbridge.spring.event;

import java.time.Duration;

/**
 * A listener that was idle has received a message.
 */
public class ListenerContainerNoLongerIdleEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final Duration idleTime;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param idleTime how long it had received nothing
	 */
	public ListenerContainerNoLongerIdleEvent(Object source, String listenerId, Duration idleTime) {
		super(source, listenerId);
		this.idleTime = idleTime;
	}

	/**
	 * Tells for how long.
	 * @return how long it had received nothing
	 */
	public Duration getIdleTime() {
		return this.idleTime;
	}

	@Override
	String details() {
		return "after no message for " + this.idleTime;
	}

}
