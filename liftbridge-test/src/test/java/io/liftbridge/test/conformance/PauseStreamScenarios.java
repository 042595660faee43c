package io.liftbridge.test.conformance;

import java.time.Duration;

import io.grpc.Status.Code;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.StartPosition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pausing partitions, and what resumes them.
 */
abstract class PauseStreamScenarios extends Scenarios {

	/**
	 * Long enough that no partition pauses itself before its first message.
	 */
	private static final Duration AUTO_PAUSE = Duration.ofSeconds(2);

	@Test
	void unknownStreamIsNotFound() {
		assertRefused(Code.NOT_FOUND, "stream not found", () -> pause("no-such-stream"));
		assertRefused(Code.NOT_FOUND, "stream not found", () -> pause(""));
	}

	@Test
	void unknownStreamWithPartitionIsNotFoundInOtherWords() {
		assertRefused(Code.NOT_FOUND, "stream does not exist", () -> pause("no-such-stream", 0));
	}

	@Test
	void unknownPartitionIsNotFound() {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "partition does not exist", () -> pause(stream, 1));
		assertRefused(Code.NOT_FOUND, "partition does not exist", () -> pause(stream, -1));
	}

	@Test
	void oneUnknownPartitionRefusesAll() {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "partition does not exist", () -> pause(stream, 0, 1));
		assertThat(isPaused(stream, 0)).isFalse();
	}

	@Test
	void partitionCanBeNamedTwice() {
		String stream = newStream();
		pause(stream, 0, 0);
		assertThat(isPaused(stream, 0)).isTrue();
	}

	@Test
	void streamCanBePausedTwice() {
		String stream = newStream();
		pause(stream);
		pause(stream);
		assertThat(describe(stream).getPartitionsOrThrow(0).getPaused()).isTrue();
	}

	@Test
	void cursorsStreamCanBePaused() {
		pause("__cursors");
	}

	@Test
	void pauseIsTimestamped() {
		String stream = newStream();
		assertThat(describe(stream).getPartitionsOrThrow(0).getPauseTimestamps().getLatestTimestamp()).isZero();
		pause(stream);
		assertThat(describe(stream).getPartitionsOrThrow(0).getPauseTimestamps().getLatestTimestamp()).isPositive();
	}

	@Test
	void onlyGivenPartitionsArePaused() {
		String stream = newStream((request) -> request.setPartitions(3));
		pause(stream, 1);
		assertThat(isPaused(stream, 0)).isFalse();
		assertThat(isPaused(stream, 1)).isTrue();
		assertThat(isPaused(stream, 2)).isFalse();
	}

	@Test
	void leaderOfPausedPartitionDoesNotDescribeIt() {
		String stream = newStream();
		pause(stream);
		assertRefused(Code.FAILED_PRECONDITION, "The request should be sent to partition leader",
				() -> describePartition(stream, 0));
	}

	@Test
	void publishResumesAndContinuesOffsets() {
		String stream = newStreamWith("a");
		pause(stream);
		assertThat(publish(stream, "b").getOffset()).isEqualTo(1);
		assertThat(subscribeFromEarliest(stream).values(2)).containsExactly("a", "b");
	}

	@Test
	void publishAsyncResumes() {
		String stream = newStreamWith("a");
		pause(stream);
		assertThat(openPipe().send(publishRequest(stream)).next().getAck().getOffset()).isEqualTo(1);
	}

	@Test
	void publishResumesOnlyItsPartition() {
		String stream = newStream((request) -> request.setPartitions(2));
		pause(stream);
		publish(stream, (request) -> request.setPartition(1));
		assertThat(describePartition(stream, 1).getNewestOffset()).isZero();
		assertRefused(Code.FAILED_PRECONDITION, "The request should be sent to partition leader",
				() -> describePartition(stream, 0));
	}

	@Test
	void publishResumesAllPartitionsIfAskedSoAtPause() {
		String stream = newStream((request) -> request.setPartitions(2));
		api().pauseStream(PauseStreamRequest.newBuilder().setName(stream).setResumeAll(true).build());
		publish(stream, (request) -> request.setPartition(1));
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void publishToSubjectDoesNotResume() {
		String stream = newStream();
		pause(stream);
		PublishToSubjectRequest request = PublishToSubjectRequest.newBuilder().setSubject(stream).build();
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(request)))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(publish(stream, "value").getOffset()).isZero();
	}

	@Test
	void metadataSaysPausedForEverOnceResumed() {
		String stream = newStream();
		pause(stream);
		publish(stream, "value");
		assertThat(describe(stream).getPartitionsOrThrow(0).getPaused()).isTrue();
	}

	@Test
	void subscriptionsOfPausedPartitionEnd() {
		String stream = newStreamWith("value");
		Subscriber subscriber = subscribeFromEarliest(stream);
		subscriber.next();
		pause(stream);
		assertStatus(subscriber.end(), Code.FAILED_PRECONDITION, "commit log was closed");
	}

	@Test
	void pausedPartitionCannotBeReadFromItsStart() {
		String stream = newStreamWith("value");
		pause(stream);
		assertStatus(subscribe(stream, (request) -> request.setStartPosition(StartPosition.EARLIEST)).end(),
				Code.INTERNAL, "Failed to create stream reader: segment has been closed");
		assertStatus(subscribe(stream, (request) -> request.setStartPosition(StartPosition.OFFSET)).end(),
				Code.INTERNAL, "Failed to create stream reader: segment has been closed");
	}

	@Test
	void subscriptionToNewMessagesOfPausedPartitionEndsOnceItIsLive() {
		String stream = newStreamWith("value");
		pause(stream);
		Subscriber subscriber = subscribe(stream, (request) -> request).live();
		assertStatus(subscriber.end(), Code.FAILED_PRECONDITION, "commit log was closed");
	}

	@Test
	void subscriptionResumesIfAskedTo() {
		String stream = newStreamWith("a");
		pause(stream);
		Subscriber subscriber = subscribe(stream,
				(request) -> request.setStartPosition(StartPosition.EARLIEST).setResume(true))
			.live();
		assertThat(subscriber.values(1)).containsExactly("a");
		publish(stream, "b");
		assertThat(subscriber.values(1)).containsExactly("b");
	}

	@Test
	void resumeOfRunningPartitionChangesNothing() {
		String stream = newStreamWith("a");
		Subscriber first = subscribeFromEarliest(stream);
		Subscriber second = subscribe(stream, (request) -> request.setResume(true)).live();
		publish(stream, "b");
		assertThat(first.values(2)).containsExactly("a", "b");
		assertThat(second.values(1)).containsExactly("b");
	}

	@Test
	void idlePartitionPausesItself() {
		String stream = newStream((request) -> request.setAutoPauseTime(int64(AUTO_PAUSE.toMillis())));
		publish(stream, "value");
		Subscriber subscriber = subscribeFromEarliest(stream);
		subscriber.next();
		assertStatus(subscriber.end(), Code.FAILED_PRECONDITION, "commit log was closed");
		assertThat(publish(stream, "value").getOffset()).isEqualTo(1);
	}

	@Test
	void idlePartitionWithSubscribersStaysAwakeIfAskedTo() {
		String stream = newStream((request) -> request.setAutoPauseTime(int64(AUTO_PAUSE.toMillis()))
			.setAutoPauseDisableIfSubscribers(enabled()));
		Subscriber subscriber = subscribeFromEarliest(stream);
		assertThat(subscriber.poll(AUTO_PAUSE.multipliedBy(3))).isNull();
		assertThat(subscriber.hasEnded()).isFalse();
		subscriber.cancel();
		awaitUntil(() -> isPaused(stream, 0));
	}

	private boolean isPaused(String stream, int partition) {
		return describe(stream).getPartitionsOrThrow(partition).getPaused();
	}

}
