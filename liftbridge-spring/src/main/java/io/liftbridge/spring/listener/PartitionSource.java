package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.liftbridge.client.group.GroupMember;
import org.jspecify.annotations.Nullable;

/**
 * Where a session has its partitions from: a stream, or a group that shares them out.
 */
interface PartitionSource {

	/** Begins to find them, in the background. */
	void begin();

	/** Whether it is known which they are; it may be none. */
	boolean isAssigned();

	Stream<? extends PartitionReader> readers();

	/** What is shown, also as long as the partitions are not known. */
	List<PartitionStatus> status();

	/** What it is in a group, {@code null} without one. */
	default @Nullable GroupMember groupMember() {
		return null;
	}

	/** The stream of this name is another one, which may have more partitions. */
	default void recreated(String stream) {
		// Who hears of it otherwise need not be told.
	}

	/** Completes when nothing runs any more and the positions are stored. */
	CompletableFuture<Void> stop();

	/** Ends what did not end by itself. */
	void abandon();

}
