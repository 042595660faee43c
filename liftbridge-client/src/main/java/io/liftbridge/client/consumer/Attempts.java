package io.liftbridge.client.consumer;

import java.time.Duration;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamNotFoundException;

/**
 * Counts a subscription's attempts, and decides whether and when another one makes sense.
 * Belongs to the subscription's events.
 */
final class Attempts {

	private static final Duration STABLE = Duration.ofSeconds(5);

	private static final int LAGGING_ATTEMPTS = 6;

	private final Cluster cluster;

	private boolean everLive;

	private long liveSince;

	/** Since it was last live. */
	private int failed;

	/** How many calls in a row were answered by another broker than the leader. */
	private int strayed;

	/** How many calls in a row have delivered nothing and ended soon. */
	private int barren;

	Attempts(Cluster cluster) {
		this.cluster = cluster;
	}

	/** A broker has accepted. */
	void live() {
		this.everLive = true;
		this.failed = 0;
		this.strayed = 0;
		this.liveSince = System.nanoTime();
	}

	/** Messages have arrived. */
	void fruitful() {
		this.barren = 0;
	}

	/** A call that was live has ended. */
	void lost() {
		if (System.nanoTime() - this.liveSince > STABLE.toNanos()) {
			this.barren = 0;
		}
	}

	/** Whether a load balancer has led past the leader too often. */
	boolean isAstray(RpcStatus ended) {
		this.strayed = ended.isNotLeader() ? this.strayed + 1 : 0;
		return this.cluster.options().isBalanced() && this.strayed > this.cluster.options().loadBalancerRetries();
	}

	int strayed() {
		return this.strayed;
	}

	int barren() {
		return this.barren;
	}

	/** Whether the same may succeed in a moment. */
	boolean isWorthAnother(LiftbridgeException reason) {
		boolean passing = reason instanceof BrokerUnavailableException || reason instanceof RequestTimeoutException
				|| this.cluster.isRecovering() || isLagging(reason);
		// A call to the leader has tried all the connections there are to try.
		boolean astray = this.cluster.options().isBalanced() && reason instanceof BrokerUnavailableException
				&& reason.outcome() == LiftbridgeException.Outcome.REFUSED;
		return passing && !astray && !this.cluster.isClosed();
	}

	/** One broker may not know yet what another one has created. */
	private boolean isLagging(LiftbridgeException reason) {
		return (reason instanceof StreamNotFoundException || reason instanceof PartitionNotFoundException)
				&& this.cluster.brokers().size() > 1 && this.failed < LAGGING_ATTEMPTS && !this.everLive;
	}

	/** Counts a failed attempt. Returns how many there were since it was last live. */
	int count() {
		this.barren++;
		return ++this.failed;
	}

	/** How long to wait before the next one. */
	Duration pause() {
		return this.cluster.options().retryPolicy().pause(this.barren);
	}

}
