package io.liftbridge.client.group;

import java.time.Duration;
import java.util.function.BiConsumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionOptions;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.LiftbridgeException;

/**
 * What a partition's worker needs from the member.
 */
interface Host {

	Cluster cluster();

	GroupOptions options();

	CursorStore cursors();

	long epoch();

	/**
	 * When the stream was created in which the member read a partition last, 0 if none.
	 */
	long lastRead(GroupPartition partition);

	/** The member reads a partition of a stream that was created then. */
	void reads(GroupPartition partition, long created);

	Subscription subscribe(SubscriptionOptions options);

	/** Makes a step an event of the member. */
	void post(Runnable step);

	/** Calls the user's listener. */
	void tell(BiConsumer<ConsumerUpdateListener, GroupMember> notice);

	/** Another member has taken the partition over. */
	void displaced(PartitionWorker worker);

	/** After which others take over from a member that is not heard. */
	Duration memberTimeout();

	/** Whether the partition is still this member's is to be asked. */
	void doubted(PartitionWorker worker);

	/** The worker is done. */
	void released(PartitionWorker worker, String reason);

	/** Nothing can be read at all. */
	void failed(LiftbridgeException failure);

}
