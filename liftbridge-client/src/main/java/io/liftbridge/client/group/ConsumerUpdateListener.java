package io.liftbridge.client.group;

import java.util.OptionalLong;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Is told what becomes of a member of a group, in order, one call at a time for one
 * member, on a thread of the client. May block, and delays with that only what it is told
 * and the start of partitions.
 */
public interface ConsumerUpdateListener {

	/** A listener that does nothing. */
	ConsumerUpdateListener NONE = new ConsumerUpdateListener() {
	};

	/**
	 * The member is to read a partition. Called before the first message, and again where
	 * reading does not go on behind the last one: another member has come further, the
	 * stream was created anew, or the user wants to read elsewhere.
	 * @param member the member, with all its partitions
	 * @param partition the partition
	 * @param stored offset of the last message that the group has processed, as its
	 * cursor says; empty if there is none
	 * @return where to begin, wherever the cursor stands; {@code null} (default) for the
	 * message after the stored one, or else for the position that the builder was told.
	 * What it throws counts as a failure of the partition, and it is asked again.
	 */
	default @Nullable StartPosition onActive(GroupMember member, GroupPartition partition, OptionalLong stored) {
		return null;
	}

	/**
	 * The member has stopped reading a partition: its handler has returned, and the
	 * cursor is stored as far as that was possible.
	 * @param member the member, without the partition
	 * @param partition the partition
	 * @param reason why, for people
	 */
	default void onStandby(GroupMember member, GroupPartition partition, String reason) {
	}

	/**
	 * The member has joined, or the group was shared out anew. Its partitions may be the
	 * same as before.
	 * @param member the member as it is now
	 * @param reason why, for people
	 */
	default void onRebalance(GroupMember member, String reason) {
	}

	/**
	 * A stream of the group was deleted. The member goes on with its other streams, if it
	 * has any, and waits for this one, however long that takes: once there is a stream of
	 * that name again it joins with it, and reads it from its beginning. Whoever does not
	 * want to wait closes the consumer here.
	 * @param member the member
	 * @param stream the stream's name
	 */
	default void onStreamDeleted(GroupMember member, String stream) {
	}

	/**
	 * A message could not be unpacked, and is passed over; so is the cursor. Logs at WARN
	 * by default, with stream, partition, offset and reason.
	 * @param member the member
	 * @param partition the partition
	 * @param malformed what is wrong, with the message as it is stored
	 */
	default void onMalformed(GroupMember member, GroupPartition partition, MalformedEntryException malformed) {
		LoggerFactory.getLogger(ConsumerUpdateListener.class).warn("{} It is passed over.", malformed.getMessage());
	}

	/**
	 * A broker delivers a partition, at first or again after an interruption.
	 * @param member the member
	 * @param partition the partition
	 * @param broker the broker's id or address
	 */
	default void onLive(GroupMember member, GroupPartition partition, String broker) {
	}

	/**
	 * A partition is read-only, and everything in it was delivered. The member looks
	 * every 10 s whether there is more, and tells each time that there is not.
	 * @param member the member
	 * @param partition the partition
	 */
	default void onEndOfPartition(GroupMember member, GroupPartition partition) {
	}

	/**
	 * The connection to a partition's leader was lost, or there is none. The member goes
	 * on by itself.
	 * @param member the member
	 * @param partition the partition
	 * @param reason why
	 */
	default void onPartitionInterrupted(GroupMember member, GroupPartition partition, LiftbridgeException reason) {
	}

	/**
	 * The coordinator cannot be asked or says something unexpected. The member goes on
	 * reading what it has, and asking.
	 * @param member the member
	 * @param reason what happened
	 * @param attempt how many attempts have failed in a row, counted from 1
	 */
	default void onInterrupted(GroupMember member, LiftbridgeException reason, int attempt) {
	}

	/**
	 * The position in a partition could not be stored. It is tried again by itself.
	 * @param member the member
	 * @param partition the partition
	 * @param failure why; goes to {@link #onFailure} by default
	 */
	default void onCursorFailure(GroupMember member, GroupPartition partition, LiftbridgeException failure) {
		onFailure(member, partition, failure);
	}

	/**
	 * A partition cannot be read, its handler has failed, or its cursor could not be
	 * stored. It is tried again by itself.
	 * @param member the member
	 * @param partition the partition
	 * @param failure the handler's or the server's failure
	 */
	default void onFailure(GroupMember member, GroupPartition partition, Throwable failure) {
	}

}
