package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A listener at work. It starts while brokers are down or streams are missing, keeps
 * trying, and recovers by itself. Safe for use by many threads.
 */
public interface ListenerContainer extends SmartLifecycle {

	/** Containers start after most other beans and stop before them. */
	int PHASE = Integer.MAX_VALUE - 100;

	/**
	 * The listener's id.
	 * @return the id, unique in the application
	 */
	String id();

	/**
	 * The options it works with.
	 * @return the options, not to be changed any more
	 */
	ContainerProperties properties();

	/**
	 * Tells where the container is in its life.
	 * @return the state
	 */
	ContainerState state();

	/**
	 * Tells why the container has failed.
	 * @return the reason in state {@link ContainerState#FAILED}, otherwise {@code null}
	 */
	@Nullable Throwable failure();

	/**
	 * Tells how each partition fares. Asks no broker and never waits.
	 * @return the partitions by stream and number, empty while stopped for the first time
	 */
	List<PartitionStatus> partitions();

	/**
	 * Tells what the container is in its group. The epoch may fence what the listener
	 * writes elsewhere: of two members that believe a partition to be theirs, the one
	 * with the greater epoch is right, unless the group has been without members in
	 * between.
	 * @return the member, {@code null} without a group or before it joins
	 */
	default @Nullable GroupMember groupMember() {
		return null;
	}

	/**
	 * Names the retry streams among those that are read.
	 * @return the streams, empty without any
	 */
	default List<String> retryStreams() {
		return List.of();
	}

	/**
	 * Starts in the background and returns at once.
	 */
	@Override
	void start();

	/**
	 * Finishes the message each listener is at, stores positions, and returns; at the
	 * latest after the shutdown timeout. A listener that then still runs is interrupted,
	 * and its message is delivered again after the next start. Called by the listener
	 * itself it does not wait. The second call is free.
	 */
	@Override
	void stop();

	/**
	 * Delivers nothing more, in this application, until {@link #resume()}, also beyond a
	 * stop and a start. The message, or list, that a listener is at is finished; what was
	 * fetched with it is kept and takes no thread. Positions are stored, and members of a
	 * group keep their partitions. The partitions themselves are not paused.
	 */
	void pause();

	/**
	 * Goes on after {@link #pause()}, except with partitions that are paused by
	 * themselves.
	 */
	void resume();

	/**
	 * Tells whether the container is paused.
	 * @return whether {@link #pause()} was called and {@link #resume()} was not
	 */
	boolean isPaused();

	/**
	 * Pauses one partition, as {@link #pause()} does.
	 * @param stream the stream's name
	 * @param partition the partition's number; need not be read at the moment
	 * @throws IllegalStateException if this listener will not read it at any time
	 */
	void pause(String stream, int partition);

	/**
	 * Goes on with one partition, unless the container is paused.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @throws IllegalStateException if this listener will not read it at any time
	 */
	void resume(String stream, int partition);

	/**
	 * Tells whether a partition is paused.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return whether it is, by itself or with the container
	 */
	boolean isPaused(String stream, int partition);

	/**
	 * Reads a partition on elsewhere, also backwards, once the listener has finished the
	 * message, or list, that it is at; the rest of what was fetched with it is not
	 * delivered. The stored position follows. May be called by the listener itself, which
	 * must not wait for it.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param place where to go on
	 * @return completes when reading begins there; exceptionally if the partition is not
	 * read at the moment, or is given up before
	 */
	CompletableFuture<Void> seek(String stream, int partition, SeekTo place);

	/**
	 * Reads all partitions that are read at the moment on elsewhere, see
	 * {@link #seek(String, int, SeekTo)}, except those of retry streams: what waits there
	 * is neither skipped nor delivered once more.
	 * @param place where to go on, in each of them
	 * @return completes when reading begins there in all of them
	 */
	CompletableFuture<Void> seek(SeekTo place);

	/**
	 * Gives a partition of a group up and takes it again at once, as if the group had
	 * moved it away and back: where to go on is found anew. For listeners that store
	 * positions elsewhere and find that somebody else has moved on. Nothing happens if
	 * the partition is not read at the moment.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @throws IllegalStateException if the listener is no member of a group
	 */
	void restart(String stream, int partition);

	@Override
	default int getPhase() {
		return PHASE;
	}

}
