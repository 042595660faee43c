package io.liftbridge.test.conformance;

import java.util.List;
import java.util.Map;

import io.grpc.Status.Code;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.PartitionEventTimestamps;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a broker remembers when it was stopped and started again.
 */
@OwnBroker
@Execution(ExecutionMode.SAME_THREAD)
abstract class RestartScenarios extends GroupScenarios {

	@Test
	void streamsAndMessagesAreKept() {
		String stream = newStream((request) -> request.setPartitions(2));
		publish(stream, "a");
		publish(stream, (request) -> request.setAckPolicy(AckPolicy.ALL).setKey(bytes("key")).setValue(bytes("b")));
		publish(stream, (request) -> request.setPartition(1));
		StreamMetadata before = describe(stream);
		broker().restart();
		StreamMetadata after = describe(stream);
		assertThat(after.getSubject()).isEqualTo(before.getSubject());
		assertThat(after.getCreationTimestamp()).isEqualTo(before.getCreationTimestamp());
		assertThat(after.getPartitionsMap()).containsOnlyKeys(0, 1);
		Subscriber subscriber = subscribeFromEarliest(stream);
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertThat(publish(stream, "c").getOffset()).isEqualTo(2);
		assertThat(publish(stream, (request) -> request.setPartition(1)).getOffset()).isEqualTo(1);
		assertThat(subscriber.values(1)).containsExactly("c");
	}

	@Test
	void openCallsEnd() {
		String stream = newStreamWith("a");
		Subscriber subscriber = subscribeFromEarliest(stream);
		subscriber.next();
		Pipe pipe = openPipe();
		pipe.send(publishRequest(stream)).next();
		broker().restart();
		assertThat(subscriber.end().getCode()).isEqualTo(Code.UNAVAILABLE);
		assertThat(pipe.responses().end().getCode()).isEqualTo(Code.UNAVAILABLE);
	}

	@Test
	void flagsAreKept() {
		String readonly = newStreamWith("a");
		setReadonly(readonly, true);
		String paused = newStreamWith("a");
		pause(paused);
		broker().restart();
		assertRefused(Code.FAILED_PRECONDITION, "readonly partition: 0", () -> publish(readonly, "b"));
		PartitionMetadata partition = describe(paused).getPartitionsOrThrow(0);
		assertThat(partition.getPaused()).isTrue();
		assertThat(describe(readonly).getPartitionsOrThrow(0).getReadonly()).isTrue();
		assertThat(publish(paused, "b").getOffset()).isEqualTo(1);
	}

	@Test
	void pausedPartitionStaysPaused() {
		String stream = newStreamWith("a");
		pause(stream);
		broker().restart();
		assertRefused(Code.FAILED_PRECONDITION, "The request should be sent to partition leader",
				() -> describePartition(stream, 0));
		Subscriber subscriber = subscribe(stream, (request) -> request.setStartPosition(StartPosition.EARLIEST));
		assertStatus(subscriber.end(), Code.INTERNAL, "Failed to create stream reader: segment has been closed");
	}

	@Test
	void resumedPartitionStaysResumed() {
		String stream = newStreamWith("a");
		pause(stream);
		publish(stream, "b");
		broker().restart();
		assertThat(describe(stream).getPartitionsOrThrow(0).getPaused()).isTrue();
		assertThat(subscribeFromEarliest(stream).values(2)).containsExactly("a", "b");
	}

	@Test
	void streamIsResumedAsAWholeIfItWasPausedSo() {
		String stream = newStream((request) -> request.setPartitions(2));
		api().pauseStream(PauseStreamRequest.newBuilder().setName(stream).setResumeAll(true).build());
		broker().restart();
		publish(stream, "a");
		awaitUntil(() -> codeOf(() -> describePartition(stream, 1)) == Code.OK);
	}

	@Test
	void readonlyThatWasLostWithAResumptionStaysLost() {
		String stream = newStreamWith("a");
		pause(stream);
		setReadonly(stream, true);
		subscribe(stream, (request) -> request.setResume(true)).live();
		assertThat(publish(stream, "b").getOffset()).isEqualTo(1);
		broker().restart();
		assertThat(describe(stream).getPartitionsOrThrow(0).getReadonly()).isTrue();
		assertThat(publish(stream, "c").getOffset()).isEqualTo(2);
	}

	@Test
	void uncommittedMessagesStaySo() {
		String stream = newStream((request) -> request.setMinIsr(int32(2)));
		publish(stream, "a");
		apiWithoutDeadline().publish(publishRequest(stream).setValue(bytes("b")).setAckPolicy(AckPolicy.ALL).build());
		awaitUntil(() -> describePartition(stream, 0).getNewestOffset() == 1);
		broker().restart();
		PartitionMetadata partition = describePartition(stream, 0);
		assertThat(partition.getNewestOffset()).isEqualTo(1);
		assertThat(partition.getHighWatermark()).isZero();
	}

	@Test
	void queueGroupIsKept() {
		String subject = uniqueName("subject");
		String first = newStream((request) -> request.setSubject(subject).setGroup("queue"));
		String second = newStream((request) -> request.setSubject(subject).setGroup("queue"));
		broker().restart();
		publish(first, "a");
		assertThat(describePartition(first, 0).getNewestOffset() + describePartition(second, 0).getNewestOffset())
			.isEqualTo(-1);
	}

	@Test
	void timesOfEventsAreThoseOfTheRestart() {
		String stream = newStreamWith("a");
		setReadonly(stream, false);
		pause(stream);
		PartitionMetadata before = describe(stream).getPartitionsOrThrow(0);
		broker().restart();
		PartitionMetadata after = describe(stream).getPartitionsOrThrow(0);
		assertThat(after.getMessagesReceivedTimestamps()).isEqualTo(PartitionEventTimestamps.getDefaultInstance());
		assertThat(after.getPauseTimestamps().getFirstTimestamp())
			.isGreaterThan(before.getPauseTimestamps().getLatestTimestamp());
		assertThat(after.getReadonlyTimestamps().getFirstTimestamp())
			.isGreaterThan(before.getReadonlyTimestamps().getLatestTimestamp());
		publish(stream, "b");
		assertThat(describe(stream).getPartitionsOrThrow(0).getMessagesReceivedTimestamps().getFirstTimestamp())
			.isPositive();
	}

	@Test
	void retentionGoesOnWhereItWas() {
		String stream = newStream((request) -> request.setSegmentMaxBytes(int64(1))
			.setRetentionMaxMessages(int64(1))
			.setCleanerInterval(int64(100)));
		publish(stream, "a");
		publish(stream, "b");
		publish(stream, "c");
		broker().restart();
		assertThat(publish(stream, "d").getOffset()).isEqualTo(3);
	}

	@Test
	void deletedStreamStaysDeleted() {
		String stream = newStreamWith("a");
		delete(stream);
		broker().restart();
		assertThat(describe(stream).getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
	}

	@Test
	void cursorsAreKept() {
		String stream = newStream();
		for (int partition = 0; partition < 5; partition++) {
			api().setCursor(SetCursorRequest.newBuilder()
				.setStream(stream)
				.setPartition(partition)
				.setCursorId("cursor")
				.setOffset(partition * 10L)
				.build());
		}
		broker().restart();
		for (int partition = 0; partition < 5; partition++) {
			assertThat(api()
				.fetchCursor(FetchCursorRequest.newBuilder()
					.setStream(stream)
					.setPartition(partition)
					.setCursorId("cursor")
					.build())
				.getOffset()).isEqualTo(partition * 10L);
		}
	}

	@Test
	void groupsAreKept() {
		String group = uniqueName("group");
		String stream = newStream((request) -> request.setPartitions(2));
		join(group, "a", stream);
		long epoch = join(group, "b", stream).getEpoch();
		broker().restart();
		assertThat(epoch(group)).isEqualTo(epoch);
		assertThat(assignments(group, "a")).isEqualTo(Map.of(stream, List.of(0)));
		assertThat(assignments(group, "b")).isEqualTo(Map.of(stream, List.of(1)));
	}

	@Test
	void concurrencyControlIsKept() {
		String stream = newStream((request) -> request.setOptimisticConcurrencyControl(enabled()));
		publish(stream, (request) -> request.setExpectedOffset(0));
		broker().restart();
		assertRefused(Code.UNKNOWN, "incorrect expected offset",
				() -> publish(stream, (request) -> request.setExpectedOffset(0)));
		assertThat(publish(stream, (request) -> request.setExpectedOffset(1)).getOffset()).isEqualTo(1);
	}

}
