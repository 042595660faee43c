package io.liftbridge.client.group;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * A member of a consumer group: reads the partitions that the group's coordinator gives
 * it, as long as it gives them. Each message is processed by some member at least once;
 * what a member has processed but not stored when a partition moves may be processed
 * again by the next one. Safe for use by many threads.
 * <p>
 * A handler that fails holds up its partition only: the failure goes to the log and to
 * {@link ConsumerUpdateListener#onFailure}, and the message is handed over again after a
 * pause that grows from 1 to 30 seconds. Who wants to skip it catches the exception in
 * the handler; who wants to stop closes the consumer.
 */
public interface GroupConsumer extends AutoCloseable {

	/**
	 * Tells what the member is at the moment.
	 * @return the member and its partitions
	 */
	GroupMember member();

	/**
	 * Completes when the member has joined and knows its partitions, possibly none. What
	 * depends on it runs on a thread of the client.
	 * @return completes exceptionally if it cannot join and trying again makes no sense
	 */
	CompletableFuture<Void> started();

	/**
	 * Completes when the member was closed. What depends on it runs on a thread of the
	 * client.
	 * @return completes exceptionally if the membership has failed for good: the server
	 * stores no cursors, or, at the start only, a stream does not exist or the client may
	 * not join. Once it has joined, a member does not end by itself: it waits for streams
	 * that are deleted (see {@link ConsumerUpdateListener#onStreamDeleted}) and for
	 * brokers that do not answer
	 */
	CompletableFuture<Void> ended();

	/**
	 * Stores the positions of all the member's partitions now: of each the last message
	 * whose handler has returned.
	 * @return completes when they are stored
	 */
	CompletableFuture<Void> commit();

	/**
	 * Stores that a message and those before it in its partition are processed. A message
	 * before one that is stored already changes nothing.
	 * @param message the message
	 * @return completes when that is stored; exceptionally if the partition has moved to
	 * another member, which will get the message again
	 */
	CompletableFuture<Void> commit(ReceivedMessage<?> message);

	/**
	 * Stores that everything up to an offset is processed. One before an offset that is
	 * stored already changes nothing.
	 * @param partition a partition of this member
	 * @param offset offset of the last processed message
	 * @return completes when that is stored; exceptionally if the partition has moved to
	 * another member, which will get the messages again
	 */
	CompletableFuture<Void> commit(GroupPartition partition, long offset);

	/**
	 * Tells whether a partition is still this member's. It is not when the group has
	 * given it to somebody else, and not while that is in doubt: if the process hung for
	 * longer than the group waits for its members, others may have taken over. The member
	 * asks by itself then, and goes on if the partition is still its own. Handlers are
	 * not called in doubt; one that takes a list asks before each message, and throws if
	 * the answer is no, so that it gets the list again. Asks no broker and never waits.
	 * @param partition the partition
	 * @return whether its messages are to be processed
	 */
	boolean holds(GroupPartition partition);

	/**
	 * Stops asking for messages of a partition, which remains this member's. The
	 * partition itself is not paused; what was prefetched is kept. Lasts until
	 * {@link #resume} or the partition moves; nothing happens if this member does not
	 * have it.
	 * @param partition the partition
	 */
	void pause(GroupPartition partition);

	/**
	 * Goes on after {@link #pause}.
	 * @param partition the partition
	 */
	void resume(GroupPartition partition);

	/**
	 * Gives a partition up and takes it again at once, as if the group had moved it away
	 * and back: {@link ConsumerUpdateListener#onStandby} is called when the handler has
	 * returned, then {@link ConsumerUpdateListener#onActive}. For listeners that keep
	 * positions elsewhere and find another one there. Nothing happens if this member does
	 * not have the partition.
	 * @param partition the partition
	 */
	void restart(GroupPartition partition);

	/**
	 * Reads a partition on elsewhere, also backwards, once the handler has returned from
	 * what it is at. The group's cursor is set to the new place.
	 * @param partition a partition of this member
	 * @param position where to go on
	 * @return completes when the place is stored and reading begins there, on a thread of
	 * the client; exceptionally if the partition moves to another member before
	 */
	CompletableFuture<Void> seek(GroupPartition partition, StartPosition position);

	/**
	 * Stops reading, waits for handlers that run, stores the cursors and leaves the
	 * group, all within 10 seconds. May be called by a handler or the listener, which
	 * does not wait. The second call is free.
	 */
	@Override
	void close();

	/**
	 * Stops reading, stores the cursors and leaves the group.
	 * @param timeout how long to wait for handlers and the server
	 * @return whether everything was done by then
	 */
	boolean close(Duration timeout);

}
