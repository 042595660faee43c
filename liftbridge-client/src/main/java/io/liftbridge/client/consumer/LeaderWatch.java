package io.liftbridge.client.consumer;

import java.time.Duration;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.SubscribeCall;
import io.liftbridge.client.cluster.Target;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a call is answered by a broker that leads no more: such a broker may leave
 * it open and deliver nothing. Belongs to the subscription's events.
 */
final class LeaderWatch {

	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);

	private final Cluster cluster;

	private final Target target;

	private @Nullable SubscribeCall watched;

	/** How often in a row the metadata named another leader. */
	private int strayed;

	LeaderWatch(Cluster cluster, Target target) {
		this.cluster = cluster;
		this.target = target;
	}

	/** How often to look; not more rarely than the metadata may change. */
	Duration interval() {
		Duration refresh = this.cluster.options().refreshInterval();
		return (refresh.compareTo(LONGEST_INTERVAL) < 0) ? refresh : LONGEST_INTERVAL;
	}

	/**
	 * Looks once. A broker counts as deposed only when it is seen so twice, as brokers
	 * learn of a new leader one after the other.
	 */
	boolean isDeposed(SubscribeCall call) {
		if (call != this.watched) {
			this.watched = call;
			this.strayed = 0;
		}
		this.strayed = this.cluster.isServing(call, this.target) ? 0 : this.strayed + 1;
		return this.strayed > 1;
	}

}
