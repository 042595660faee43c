package io.liftbridge.embedded.api;

import io.liftbridge.embedded.log.LogException;
import io.liftbridge.embedded.log.PartitionLog;
import io.liftbridge.embedded.stream.RefusedException;
import io.grpc.Status;
import io.liftbridge.proto.SubscribeRequest;

/**
 * Where a subscription starts and stops.
 *
 * @param start offset of the first message, never negative
 * @param stop offset of the last message, {@link #NEVER} if there is none
 */
record Range(long start, long stop) {

	static final long NEVER = -1;

	static Range of(SubscribeRequest request, PartitionLog log) {
		long start = Math.max(0, start(request, log));
		long stop = stop(request, log);
		if (stop != NEVER && stop < start) {
			throw RefusedException.invalid("Stop offset is before start offset: " + stop + " < " + start);
		}
		return new Range(start, stop);
	}

	private static long start(SubscribeRequest request, PartitionLog log) {
		return switch (request.getStartPosition()) {
			case NEW_ONLY -> log.newestOffset() + 1;
			case OFFSET -> request.getStartOffset();
			case EARLIEST -> log.oldestOffset();
			case LATEST -> log.newestOffset();
			case TIMESTAMP -> lookUp(() -> log.earliestOffsetAfter(request.getStartTimestamp()));
			case UNRECOGNIZED ->
				throw RefusedException.invalid("Unknown StartPosition " + request.getStartPositionValue());
		};
	}

	private static long stop(SubscribeRequest request, PartitionLog log) {
		return switch (request.getStopPosition()) {
			case STOP_ON_CANCEL -> log.isReadonly() ? log.newestOffset() : NEVER;
			case STOP_OFFSET -> request.getStopOffset();
			case STOP_LATEST -> newest(log);
			case STOP_TIMESTAMP -> lookUp(() -> log.latestOffsetBefore(request.getStopTimestamp()));
			case UNRECOGNIZED ->
				throw RefusedException.invalid("Unknown StopPosition " + request.getStopPositionValue());
		};
	}

	private static long newest(PartitionLog log) {
		long newest = log.newestOffset();
		if (newest == -1) {
			throw new RefusedException(Status.RESOURCE_EXHAUSTED.withDescription("Stream is empty"));
		}
		return newest;
	}

	private static long lookUp(LookUp lookUp) {
		try {
			return lookUp.offset();
		}
		catch (LogException ex) {
			throw RefusedException.internal("Failed to lookup offset for timestamp: " + ex.getMessage());
		}
	}

	@FunctionalInterface
	private interface LookUp {

		long offset();

	}

}
