package io.liftbridge.test.conformance;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status.Code;
import io.liftbridge.proto.ActivityStreamEvent;
import io.liftbridge.proto.ActivityStreamOp;
import io.liftbridge.proto.CreateStreamOp;
import io.liftbridge.proto.DeleteStreamOp;
import io.liftbridge.proto.JoinConsumerGroupOp;
import io.liftbridge.proto.LeaveConsumerGroupOp;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PauseStreamOp;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.ResumeStreamOp;
import io.liftbridge.proto.SetStreamReadonlyOp;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a broker tells in its activity stream, if that is switched on.
 */
@OwnBroker(activityStream = true)
@Execution(ExecutionMode.SAME_THREAD)
abstract class ActivityScenarios extends GroupScenarios {

	private static final String ACTIVITY = "__activity";

	@Test
	void streamIsThereFromTheStart() {
		StreamMetadata metadata = describe(ACTIVITY);
		assertThat(metadata.getSubject()).isEqualTo("liftbridge-default.activity");
		assertThat(metadata.getPartitionsMap()).containsOnlyKeys(0);
	}

	@Test
	void streamIsReserved() {
		assertRefused(Code.INVALID_ARGUMENT, "Stream is reserved", () -> delete(ACTIVITY));
	}

	@Test
	void creationOfTheReservedStreamsIsTold() {
		List<ActivityStreamEvent> events = everything();
		List<CreateStreamOp> created = events.stream().map(ActivityStreamEvent::getCreateStreamOp).toList();
		assertThat(created).containsSubsequence(
				CreateStreamOp.newBuilder().setStream(ACTIVITY).addPartitions(0).build(),
				CreateStreamOp.newBuilder().setStream("__cursors").addAllPartitions(List.of(0, 1, 2)).build());
	}

	@Test
	void eventsAreMessagesWithoutKey() {
		Subscriber subscriber = subscribe(ACTIVITY, (request) -> request.setStartPosition(StartPosition.NEW_ONLY))
			.live();
		newStream();
		Message message = subscriber.next();
		assertThat(message.getKey()).isEmpty();
		assertThat(message.getSubject()).isEqualTo("liftbridge-default.activity");
		assertThat(message.getHeadersMap()).containsOnlyKeys("subject", "reply");
	}

	@Test
	void numbersGrowWithGaps() {
		List<ActivityStreamEvent> events = toldWithIds(() -> {
			newStream();
			newStream();
			newStream();
		});
		assertThat(events).hasSize(3);
		for (int i = 1; i < events.size(); i++) {
			assertThat(events.get(i).getId()).isGreaterThan(events.get(i - 1).getId() + 1);
		}
	}

	@Test
	void creationAndDeletionAreTold() {
		String[] stream = new String[1];
		List<ActivityStreamEvent> events = told(() -> {
			stream[0] = newStream((request) -> request.setPartitions(3));
			delete(stream[0]);
		});
		assertThat(events).containsExactly(
				event(ActivityStreamOp.CREATE_STREAM)
					.setCreateStreamOp(
							CreateStreamOp.newBuilder().setStream(stream[0]).addAllPartitions(List.of(0, 1, 2)))
					.build(),
				event(ActivityStreamOp.DELETE_STREAM)
					.setDeleteStreamOp(DeleteStreamOp.newBuilder().setStream(stream[0]))
					.build());
	}

	@Test
	void pausesAndResumptionsAreTold() {
		String stream = newStream((request) -> request.setPartitions(3));
		List<ActivityStreamEvent> events = told(() -> {
			pause(stream, 2, 1);
			// Once more, although it is paused: that is told, too.
			pause(stream, 1);
			publish(stream, (request) -> request.setPartition(1));
			// There is nothing to resume any more.
			publish(stream, (request) -> request.setPartition(1));
		});
		assertThat(events)
			.containsExactly(
					event(ActivityStreamOp.PAUSE_STREAM)
						.setPauseStreamOp(
								PauseStreamOp.newBuilder().setStream(stream).addPartitions(2).addPartitions(1))
						.build(),
					event(ActivityStreamOp.PAUSE_STREAM)
						.setPauseStreamOp(PauseStreamOp.newBuilder().setStream(stream).addPartitions(1))
						.build(),
					event(ActivityStreamOp.RESUME_STREAM)
						.setResumeStreamOp(ResumeStreamOp.newBuilder().setStream(stream).addPartitions(1))
						.build());
	}

	@Test
	void pauseAndResumptionOfTheWholeStreamNameAllItsPartitions() {
		String stream = newStream((request) -> request.setPartitions(3));
		List<ActivityStreamEvent> events = told(() -> {
			api().pauseStream(PauseStreamRequest.newBuilder().setName(stream).setResumeAll(true).build());
			publish(stream, (request) -> request.setPartition(1));
		});
		assertThat(events).hasSize(2);
		PauseStreamOp paused = events.get(0).getPauseStreamOp();
		assertThat(paused.getResumeAll()).isTrue();
		assertThat(paused.getPartitionsList()).containsExactlyInAnyOrder(0, 1, 2);
		assertThat(events.get(1).getResumeStreamOp().getPartitionsList()).containsExactlyInAnyOrder(0, 1, 2);
	}

	@Test
	void readonlyChangesAreToldEvenIfNothingChanges() {
		String stream = newStream((request) -> request.setPartitions(2));
		List<ActivityStreamEvent> events = told(() -> {
			setReadonly(stream, true, 1, 0);
			setReadonly(stream, true, 1);
			setReadonly(stream, false, 1);
		});
		SetStreamReadonlyOp.Builder change = SetStreamReadonlyOp.newBuilder().setStream(stream);
		assertThat(events).containsExactly(
				event(ActivityStreamOp.SET_STREAM_READONLY)
					.setSetStreamReadonlyOp(change.clone().setReadonly(true).addPartitions(1).addPartitions(0))
					.build(),
				event(ActivityStreamOp.SET_STREAM_READONLY)
					.setSetStreamReadonlyOp(change.clone().setReadonly(true).addPartitions(1))
					.build(),
				event(ActivityStreamOp.SET_STREAM_READONLY)
					.setSetStreamReadonlyOp(change.clone().setReadonly(false).addPartitions(1))
					.build());
	}

	@Test
	void membersOfGroupsAreTold() {
		String first = newStream();
		String second = newStream();
		String group = uniqueName("group");
		List<ActivityStreamEvent> events = told(() -> {
			join(group, "a", second, first);
			join(group, "b", first);
			assertPrecondition("consumer is already a member of the consumer group", () -> join(group, "b", first));
			leave(group, "a");
			leave(group, "b");
		});
		JoinConsumerGroupOp.Builder joined = JoinConsumerGroupOp.newBuilder().setGroupId(group);
		LeaveConsumerGroupOp.Builder left = LeaveConsumerGroupOp.newBuilder().setGroupId(group);
		assertThat(events).containsExactly(
				event(ActivityStreamOp.JOIN_CONSUMER_GROUP)
					.setJoinConsumerGroupOp(joined.clone().setConsumerId("a").addStreams(second).addStreams(first))
					.build(),
				event(ActivityStreamOp.JOIN_CONSUMER_GROUP)
					.setJoinConsumerGroupOp(joined.clone().setConsumerId("b").addStreams(first))
					.build(),
				event(ActivityStreamOp.LEAVE_CONSUMER_GROUP).setLeaveConsumerGroupOp(left.clone().setConsumerId("a"))
					.build(),
				event(ActivityStreamOp.LEAVE_CONSUMER_GROUP).setLeaveConsumerGroupOp(left.clone().setConsumerId("b"))
					.build());
	}

	@Test
	void numberIsTheEpochOfTheGroup() {
		String stream = newStream();
		String group = uniqueName("group");
		long[] epoch = new long[1];
		List<ActivityStreamEvent> events = toldWithIds(() -> {
			join(group, "a", stream);
			epoch[0] = join(group, "b", stream).getEpoch();
		});
		assertThat(events.get(1).getId()).isEqualTo(epoch[0]);
	}

	@Test
	void expiryOfAMemberIsTold() {
		String stream = newStream();
		String group = uniqueName("group");
		List<ActivityStreamEvent> events = told(() -> {
			join(group, "silent", stream);
			awaitUntil(() -> !exists(group));
		});
		assertThat(events).last()
			.isEqualTo(event(ActivityStreamOp.LEAVE_CONSUMER_GROUP)
				.setLeaveConsumerGroupOp(
						LeaveConsumerGroupOp.newBuilder().setGroupId(group).setConsumerId("silent").setExpired(true))
				.build());
	}

	@Test
	void pausedActivityStreamIsResumedByWhatIsTold() {
		pause(ACTIVITY);
		String stream = newStream();
		awaitUntil(() -> codeOf(() -> describePartition(ACTIVITY, 0)) == Code.OK);
		assertThat(everything()).contains(
				event(ActivityStreamOp.PAUSE_STREAM)
					.setPauseStreamOp(PauseStreamOp.newBuilder().setStream(ACTIVITY).addPartitions(0))
					.build(),
				event(ActivityStreamOp.RESUME_STREAM)
					.setResumeStreamOp(ResumeStreamOp.newBuilder().setStream(ACTIVITY).addPartitions(0))
					.build(),
				creationOf(stream));
	}

	@Test
	void eventsWaitWhileTheActivityStreamIsReadonly() {
		setReadonly(ACTIVITY, true);
		String stream = newStream();
		setReadonly(ACTIVITY, false);
		assertThat(everything()).contains(creationOf(stream));
	}

	@Test
	void eventsAreKeptAndGoOnAfterARestart() {
		List<ActivityStreamEvent> before = everything();
		broker().restart();
		String stream = newStream();
		List<ActivityStreamEvent> after = everything();
		assertThat(after).startsWith(before.toArray(ActivityStreamEvent[]::new));
		assertThat(after).contains(creationOf(stream));
	}

	private static ActivityStreamEvent creationOf(String stream) {
		return event(ActivityStreamOp.CREATE_STREAM)
			.setCreateStreamOp(CreateStreamOp.newBuilder().setStream(stream).addPartitions(0))
			.build();
	}

	private static ActivityStreamEvent.Builder event(ActivityStreamOp op) {
		return ActivityStreamEvent.newBuilder().setOp(op);
	}

	/**
	 * What is told of some actions, without numbers.
	 */
	private List<ActivityStreamEvent> told(Runnable actions) {
		return withoutIds(toldWithIds(actions));
	}

	/**
	 * What is told of some actions. Streams that are created before and after them show
	 * where it begins and ends.
	 */
	private List<ActivityStreamEvent> toldWithIds(Runnable actions) {
		Subscriber subscriber = subscribe(ACTIVITY, (request) -> request.setStartPosition(StartPosition.NEW_ONLY))
			.live();
		String first = newStream();
		actions.run();
		String last = newStream();
		eventsUntil(first, subscriber);
		return eventsUntil(last, subscriber);
	}

	/**
	 * What was told in the life of the broker until now, without numbers. Events are told
	 * at least once, so one may come twice, but never before an earlier one.
	 */
	private List<ActivityStreamEvent> everything() {
		Subscriber subscriber = subscribeFromEarliest(ACTIVITY);
		List<ActivityStreamEvent> events = eventsUntil(newStream(), subscriber);
		assertThat(events).extracting(ActivityStreamEvent::getId).isSorted();
		return withoutIds(events);
	}

	private static List<ActivityStreamEvent> eventsUntil(String stream, Subscriber subscriber) {
		List<ActivityStreamEvent> events = new ArrayList<>();
		ActivityStreamEvent event = parse(subscriber.next());
		while (!event.getCreateStreamOp().getStream().equals(stream)) {
			if (!isOfBarrier(event)) {
				events.add(event);
			}
			event = parse(subscriber.next());
		}
		return events;
	}

	private static boolean isOfBarrier(ActivityStreamEvent event) {
		return ClusterChannel.isBarrier(event.getJoinConsumerGroupOp().getGroupId())
				|| ClusterChannel.isBarrier(event.getLeaveConsumerGroupOp().getGroupId());
	}

	private static List<ActivityStreamEvent> withoutIds(List<ActivityStreamEvent> events) {
		return events.stream().map((event) -> event.toBuilder().clearId().build()).toList();
	}

	private static ActivityStreamEvent parse(Message message) {
		try {
			return ActivityStreamEvent.parseFrom(message.getValue());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("Not an event: " + message, ex);
		}
	}

}
