package io.liftbridge.client.cluster;

/**
 * Is told when brokers come and go. Called on the client's own threads: must not block.
 */
public interface ConnectionListener {

	/** A listener that does nothing. */
	ConnectionListener NONE = new ConnectionListener() {
	};

	/**
	 * A broker answers, for the first time or again.
	 * @param broker its state
	 */
	default void onUp(BrokerStatus broker) {
	}

	/**
	 * A broker does not answer any more.
	 * @param broker its state, with the reason
	 */
	default void onDown(BrokerStatus broker) {
	}

}
