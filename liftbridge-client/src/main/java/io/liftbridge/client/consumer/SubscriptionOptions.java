package io.liftbridge.client.consumer;

import java.util.concurrent.Executor;

import io.liftbridge.client.entry.EntryOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription was told by its builder. For use inside the client.
 *
 * @param stream the stream's name
 * @param partition the partition's number
 * @param start where to begin
 * @param stop where to end
 * @param reverse whether to read from new to old
 * @param filter which messages the handler is given
 * @param resumePaused whether a paused partition is resumed
 * @param isrReplica whether followers may be read
 * @param prefetch messages that may wait in memory
 * @param prefetchBytes bytes that may wait in memory
 * @param batchSize messages per call of the handler
 * @param handler receives messages
 * @param executor runs the handler, or {@code null} for the client's threads
 * @param listener is told how it fares
 * @param role as which member of a group it reads, or {@code null} for none
 * @param cursor what keeps its position, or {@code null} for nothing
 * @param entries how entries are unpacked
 */
public record SubscriptionOptions(String stream, int partition, StartPosition start, StopPosition stop, boolean reverse,
		MessageFilter filter, boolean resumePaused, boolean isrReplica, int prefetch, long prefetchBytes, int batchSize,
		BatchHandler handler, @Nullable Executor executor, SubscriptionListener listener, @Nullable GroupRole role,
		@Nullable CursorOptions cursor, EntryOptions entries) {

	/**
	 * The same for a member of a group.
	 * @param role as whom it reads
	 * @return new options
	 */
	public SubscriptionOptions as(GroupRole role) {
		return new SubscriptionOptions(this.stream, this.partition, this.start, this.stop, this.reverse, this.filter,
				this.resumePaused, this.isrReplica, this.prefetch, this.prefetchBytes, this.batchSize, this.handler,
				this.executor, this.listener, role, this.cursor, this.entries);
	}

	/**
	 * The same with a handler that is observed.
	 * @param observer is told how far it has come
	 * @return new options
	 */
	public SubscriptionOptions observed(HandlerObserver observer) {
		return new SubscriptionOptions(this.stream, this.partition, this.start, this.stop, this.reverse, this.filter,
				this.resumePaused, this.isrReplica, this.prefetch, this.prefetchBytes, this.batchSize,
				ObservedHandler.of(this.handler, observer), this.executor, this.listener, this.role, this.cursor,
				this.entries);
	}

	/** The same from another start. */
	SubscriptionOptions from(StartPosition position) {
		return new SubscriptionOptions(this.stream, this.partition, position, this.stop, this.reverse, this.filter,
				this.resumePaused, this.isrReplica, this.prefetch, this.prefetchBytes, this.batchSize, this.handler,
				this.executor, this.listener, this.role, this.cursor, this.entries);
	}

}
