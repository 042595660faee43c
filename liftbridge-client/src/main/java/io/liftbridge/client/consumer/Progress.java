package io.liftbridge.client.consumer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.SubscribeRequest;

/**
 * Where a subscription is: what it asks for next, and what it makes of what arrives.
 * Belongs to the subscription's events, except for {@link #resolve}.
 */
interface Progress {

	/**
	 * Turns what depends on the moment into offsets, as far as the leader can be asked.
	 */
	CompletableFuture<Void> resolve();

	/** Whether the position does not depend on the moment any more. */
	boolean isResolved();

	/** Asks the leader. */
	CompletableFuture<PartitionMetadata> fetch();

	/** Takes over what the leader said only after the call was open. */
	void settle(PartitionMetadata metadata);

	/** Whether there is nothing to deliver. */
	boolean isEmpty();

	/** Whether nothing follows what was accepted. */
	boolean isStopReached();

	/** Why nothing follows. */
	default EndReason end() {
		return EndReason.STOP_REACHED;
	}

	/** What to ask for now. Belongs to the opening of a call. */
	SubscribeRequest request();

	/** Takes over what arrived, at least one message. Returns what is to be delivered. */
	List<Message> accept(List<Message> messages);

	/** What the end of a call means. */
	Outcome judge(RpcStatus status, int attempt);

}
