package io.liftbridge.embedded.stream;

import java.util.List;

import io.liftbridge.proto.ActivityStreamEvent;
import io.liftbridge.proto.ActivityStreamOp;
import io.liftbridge.proto.CreateStreamOp;
import io.liftbridge.proto.DeleteStreamOp;
import io.liftbridge.proto.PauseStreamOp;
import io.liftbridge.proto.ResumeStreamOp;
import io.liftbridge.proto.SetStreamReadonlyOp;

/**
 * What happens to streams, in the words of the activity stream.
 */
final class Events {

	private Events() {
	}

	static ActivityStreamEvent.Builder created(Stream stream) {
		return event(ActivityStreamOp.CREATE_STREAM).setCreateStreamOp(
				CreateStreamOp.newBuilder().setStream(stream.name()).addAllPartitions(ids(stream.partitions())));
	}

	static ActivityStreamEvent.Builder deleted(String stream) {
		return event(ActivityStreamOp.DELETE_STREAM).setDeleteStreamOp(DeleteStreamOp.newBuilder().setStream(stream));
	}

	static ActivityStreamEvent.Builder paused(String stream, List<Integer> partitions, boolean resumeAll) {
		return event(ActivityStreamOp.PAUSE_STREAM).setPauseStreamOp(
				PauseStreamOp.newBuilder().setStream(stream).addAllPartitions(partitions).setResumeAll(resumeAll));
	}

	static ActivityStreamEvent.Builder resumed(String stream, List<Partition> partitions) {
		return event(ActivityStreamOp.RESUME_STREAM)
			.setResumeStreamOp(ResumeStreamOp.newBuilder().setStream(stream).addAllPartitions(ids(partitions)));
	}

	static ActivityStreamEvent.Builder readonlySet(String stream, List<Integer> partitions, boolean readonly) {
		return event(ActivityStreamOp.SET_STREAM_READONLY).setSetStreamReadonlyOp(
				SetStreamReadonlyOp.newBuilder().setStream(stream).addAllPartitions(partitions).setReadonly(readonly));
	}

	private static ActivityStreamEvent.Builder event(ActivityStreamOp op) {
		return ActivityStreamEvent.newBuilder().setOp(op);
	}

	private static List<Integer> ids(List<Partition> partitions) {
		return partitions.stream().map(Partition::id).toList();
	}

}
