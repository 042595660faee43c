package io.liftbridge.client.cluster;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes events on to the user's listener, whose failures go no further.
 */
record GuardedListener(ConnectionListener next) implements ConnectionListener {

	private static final Logger logger = LoggerFactory.getLogger(GuardedListener.class);

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
		try {
			notification.accept(this.next);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Connection listener {} failed", this.next, ex);
		}
	}

}
