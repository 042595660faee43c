package io.liftbridge.client.group;

import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionListener;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;

/**
 * Tells the user of a member what becomes of the subscription of one partition.
 */
final class PartitionNotices implements SubscriptionListener {

	private final Host host;

	private final GroupPartition partition;

	PartitionNotices(Host host, GroupPartition partition) {
		this.host = host;
		this.partition = partition;
	}

	@Override
	public void onLive(Subscription source, String broker) {
		this.host.tell((listener, member) -> listener.onLive(member, this.partition, broker));
	}

	@Override
	public void onInterrupted(Subscription source, LiftbridgeException reason, int attempt) {
		this.host.tell((listener, member) -> listener.onPartitionInterrupted(member, this.partition, reason));
	}

	@Override
	public void onMalformed(Subscription source, MalformedEntryException malformed) {
		this.host.tell((listener, member) -> listener.onMalformed(member, this.partition, malformed));
	}

}
