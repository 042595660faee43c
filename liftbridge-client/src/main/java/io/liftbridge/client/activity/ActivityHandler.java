package io.liftbridge.client.activity;

/**
 * Receives what happens in the cluster, one event at a time.
 */
@FunctionalInterface
public interface ActivityHandler {

	/**
	 * Handles an event.
	 * @param event the event
	 * @throws Exception ends the subscription, which reports it
	 */
	void onEvent(ActivityEvent event) throws Exception;

}
