package io.liftbridge.boot.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.cluster.ConnectionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several listeners; one that fails does not keep the others from being told.
 */
record ConnectionListeners(List<ConnectionListener> listeners) implements ConnectionListener {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionListeners.class);

	@Override
	public void onUp(BrokerStatus broker) {
		tell((listener) -> listener.onUp(broker));
	}

	@Override
	public void onDown(BrokerStatus broker) {
		tell((listener) -> listener.onDown(broker));
	}

	private void tell(Consumer<ConnectionListener> notification) {
		for (ConnectionListener listener : this.listeners) {
			try {
				notification.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Connection listener {} failed", listener, ex);
			}
		}
	}

}
