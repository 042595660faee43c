package io.liftbridge.embedded.stream;

import java.util.Collections;
import java.util.List;

import io.liftbridge.proto.CreateStreamRequest;

/**
 * What is to be known of a stream, beside its messages, to bring it back.
 *
 * @param request what it was created with
 * @param created when, Unix time in nanoseconds
 * @param resumedAsWhole whether publishing to one paused partition resumes all
 * @param partitions its partitions by their ids
 */
public record StreamState(CreateStreamRequest request, long created, boolean resumedAsWhole,
		List<PartitionState> partitions) {

	static StreamState fresh(CreateStreamRequest request, long created) {
		return new StreamState(request, created, false,
				Collections.nCopies(request.getPartitions(), PartitionState.FRESH));
	}

	/**
	 * The stream's name.
	 * @return the name
	 */
	public String name() {
		return this.request.getName();
	}

	/**
	 * What is to be known of a partition.
	 *
	 * @param paused whether it is paused
	 * @param pausedOnce whether it ever was, as metadata goes on to show
	 * @param readonly whether it takes no messages
	 * @param readonlyInMetadata whether metadata says so
	 * @param readonlyChanged whether that was ever changed
	 */
	public record PartitionState(boolean paused, boolean pausedOnce, boolean readonly, boolean readonlyInMetadata,
			boolean readonlyChanged) {

		static final PartitionState FRESH = new PartitionState(false, false, false, false, false);

	}

}
