package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidEventException;

/**
 * Refuses events that do not belong in a topic, before they are sent. Must be safe for
 * use by many threads. One that readers are to find again is {@link Named}, too.
 *
 * @param <T> type of the events
 */
@FunctionalInterface
public interface EventValidator<T> {

	/**
	 * Looks at an event.
	 * @param event the event
	 * @throws InvalidEventException if it is refused, and where it is wrong
	 * @throws Exception if it is refused for another reason
	 */
	void validate(T event) throws Exception;

	/**
	 * Accepts each event. The default.
	 * @return the validator
	 */
	static EventValidator<Object> acceptAll() {
		return AcceptAll.INSTANCE;
	}

}
