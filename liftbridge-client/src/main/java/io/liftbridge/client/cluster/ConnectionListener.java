package io.liftbridge.client.cluster;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Is told when brokers come and go, and what changes in the cluster. Called on the
 * client's own threads: must not block. A listener that throws is logged and told
 * further. Brokers are told of once they are used: one that nobody has needed is neither
 * up nor down.
 */
public interface ConnectionListener {

	/** A listener that does nothing. */
	ConnectionListener NONE = new ConnectionListener() {
	};

	/**
	 * One listener that tells several, in the order given. One that fails is logged and
	 * does not keep the others from being told.
	 * @param listeners the listeners
	 * @return the listener for all of them
	 */
	static ConnectionListener all(Collection<? extends ConnectionListener> listeners) {
		return new ConnectionListeners(List.copyOf(listeners));
	}

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

	/**
	 * A broker that is down is tried again, because a call needs it or to see whether it
	 * is back. Followed by {@link #onUp} if that helps; about once a second while it does
	 * not.
	 * @param broker its state, with the reason
	 */
	default void onReconnecting(BrokerStatus broker) {
	}

	/**
	 * The cluster has a broker that was not known before. Also called for each broker of
	 * the first metadata.
	 * @param id the broker's id
	 * @param address where it is reached
	 */
	default void onBrokerAdded(String id, Address address) {
	}

	/**
	 * A broker is no longer a member of the cluster.
	 * @param id the broker's id
	 * @param address where it was reached
	 */
	default void onBrokerRemoved(String id, Address address) {
	}

	/**
	 * Another broker leads a partition than before. Not called for partitions of new
	 * streams. Noticed with the metadata, which is refreshed at the latest after the
	 * refresh interval.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param before id of the leader before, or {@code null} if there was none
	 * @param now id of the leader now, or {@code null} if there is none
	 */
	default void onLeaderChanged(String stream, int partition, @Nullable String before, @Nullable String now) {
	}

	/**
	 * The metadata was read anew.
	 * @param source address of the broker that answered
	 */
	default void onMetadataRefreshed(Address source) {
	}

}
