package io.liftbridge.client.group;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.consumer.Subscriptions;
import io.liftbridge.client.cursor.CursorStore;

/**
 * The group members of a client. For use inside the client.
 */
public final class Groups {

	private final Cluster cluster;

	private final Subscriptions subscriptions;

	private final CursorStore cursors;

	private final Set<MemberConsumer> open = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param subscriptions reads the partitions
	 * @param cursors keeps the positions
	 */
	public Groups(Cluster cluster, Subscriptions subscriptions, CursorStore cursors) {
		this.cluster = cluster;
		this.subscriptions = subscriptions;
		this.cursors = cursors;
	}

	/**
	 * Starts a member.
	 * @param options what it was told
	 * @return the member
	 */
	public GroupConsumer start(GroupOptions options) {
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
		MemberConsumer consumer = new MemberConsumer(this.cluster, this.subscriptions, this.cursors, options);
		this.open.add(consumer);
		consumer.ended().whenComplete((nothing, failure) -> this.open.remove(consumer));
		consumer.start();
		return consumer;
	}

	/**
	 * Closes all members.
	 * @param timeout how long to wait for handlers and the server, all members together
	 */
	public void close(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		this.open.forEach((consumer) -> consumer.requestClose(timeout));
		for (MemberConsumer consumer : this.open) {
			consumer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
	}

}
