package io.liftbridge.client.cluster;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes events on to listeners, whose failures go no further and do not keep the others
 * from being told.
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

	@Override
	public void onReconnecting(BrokerStatus broker) {
		tell((listener) -> listener.onReconnecting(broker));
	}

	@Override
	public void onBrokerAdded(String id, Address address) {
		tell((listener) -> listener.onBrokerAdded(id, address));
	}

	@Override
	public void onBrokerRemoved(String id, Address address) {
		tell((listener) -> listener.onBrokerRemoved(id, address));
	}

	@Override
	public void onLeaderChanged(String stream, int partition, @Nullable String before, @Nullable String now) {
		tell((listener) -> listener.onLeaderChanged(stream, partition, before, now));
	}

	@Override
	public void onMetadataRefreshed(Address source) {
		tell((listener) -> listener.onMetadataRefreshed(source));
	}

	/** Errors, too: this is the thread of the network. */
	private void tell(Consumer<ConnectionListener> notification) {
		for (ConnectionListener listener : this.listeners) {
			try {
				notification.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("Connection listener {} failed", listener, ex);
			}
		}
	}

}
