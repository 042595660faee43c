package io.liftbridge.test.conformance;

import java.time.Duration;

import io.grpc.Status.Code;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Read-only partitions: writing to them, and reading them to their end.
 */
abstract class ReadonlyScenarios extends Scenarios {

	@Test
	void unknownStreamIsNotFound() {
		assertRefused(Code.NOT_FOUND, "stream not found", () -> setReadonly("no-such-stream", true));
	}

	@Test
	void unknownStreamWithPartitionIsNotFoundInOtherWords() {
		assertRefused(Code.NOT_FOUND, "stream does not exist", () -> setReadonly("no-such-stream", true, 0));
	}

	@Test
	void unknownPartitionIsNotFound() {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "partition does not exist", () -> setReadonly(stream, true, 1));
	}

	@Test
	void oneUnknownPartitionRefusesAll() {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "partition does not exist", () -> setReadonly(stream, true, 0, 1));
		assertThat(partition(stream).getReadonly()).isFalse();
	}

	@Test
	void allPartitionsAreReadonlyByDefault() {
		String stream = newStream((request) -> request.setPartitions(3));
		setReadonly(stream, true);
		assertThat(describe(stream).getPartitionsMap().values()).allMatch(PartitionMetadata::getReadonly);
	}

	@Test
	void latestStopOfReadonlyPartitionIsItsEnd() {
		Subscriber subscriber = subscribe(readonlyStreamWith("a", "b"),
				(request) -> request.setStartPosition(StartPosition.EARLIEST).setStopPosition(StopPosition.STOP_LATEST))
			.live();
		assertThat(subscriber.offsets(2)).containsExactly(0L, 1L);
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "Stop offset reached");
	}

	@Test
	void flagCanBeSetAndClearedTwice() {
		String stream = newStream();
		setReadonly(stream, false);
		setReadonly(stream, true);
		setReadonly(stream, true);
		assertThat(partition(stream).getReadonly()).isTrue();
		setReadonly(stream, false);
		setReadonly(stream, false);
		assertThat(partition(stream).getReadonly()).isFalse();
		assertThat(publish(stream, "value").getOffset()).isZero();
	}

	@Test
	void changeIsTimestamped() {
		String stream = newStream();
		assertThat(partition(stream).getReadonlyTimestamps().getLatestTimestamp()).isZero();
		setReadonly(stream, true);
		long first = partition(stream).getReadonlyTimestamps().getFirstTimestamp();
		assertThat(first).isPositive();
		assertThat(partition(stream).getReadonlyTimestamps().getLatestTimestamp()).isEqualTo(first);
	}

	@Test
	void publishIsRefused() {
		String stream = readonlyStreamWith();
		assertRefused(Code.FAILED_PRECONDITION, "readonly partition: 0", () -> publish(stream, "value"));
	}

	@Test
	void onlyGivenPartitionsAreReadonly() {
		String stream = newStream((request) -> request.setPartitions(2));
		setReadonly(stream, true, 1);
		assertThat(publish(stream, "value").getOffset()).isZero();
		assertRefused(Code.FAILED_PRECONDITION, "readonly partition: 1",
				() -> publish(stream, (request) -> request.setPartition(1)));
	}

	@Test
	void publishToSubjectIsDroppedWithoutAnswer() {
		String stream = readonlyStreamWith();
		PublishToSubjectRequest request = PublishToSubjectRequest.newBuilder().setSubject(stream).build();
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(request)))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		setReadonly(stream, false);
		assertThat(publish(stream, "value").getOffset()).isZero();
	}

	@Test
	void pausedPartitionCanBecomeReadonly() {
		String stream = newStream();
		pause(stream);
		setReadonly(stream, true);
		assertThat(partition(stream).getReadonly()).isTrue();
		assertRefused(Code.FAILED_PRECONDITION, "readonly partition: 0", () -> publish(stream, "value"));
	}

	@Test
	void resumeThroughSubscriptionForgetsReadonlyExceptInMetadata() {
		String stream = readonlyStreamWith("a");
		pause(stream);
		subscribe(stream, (request) -> request.setStartPosition(StartPosition.EARLIEST).setResume(true)).live();
		assertThat(partition(stream).getReadonly()).isTrue();
		assertThat(publish(stream, "b").getOffset()).isEqualTo(1);
	}

	@Test
	void subscriptionEndsAtTheNewestMessage() {
		String stream = readonlyStreamWith("a", "b");
		Subscriber subscriber = subscribeFromEarliest(stream);
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "Stop offset reached");
	}

	@Test
	void subscriptionToNewMessagesIsRefused() {
		String stream = readonlyStreamWith("a");
		assertStatus(subscribe(stream, (request) -> request).end(), Code.INVALID_ARGUMENT,
				"Stop offset is before start offset: 0 < 1");
	}

	@Test
	void subscriptionFromBehindTheEndIsRefused() {
		String stream = readonlyStreamWith("a", "b");
		assertStatus(
				subscribe(stream, (request) -> request.setStartPosition(StartPosition.OFFSET).setStartOffset(2)).end(),
				Code.INVALID_ARGUMENT, "Stop offset is before start offset: 1 < 2");
	}

	@Test
	void subscriptionToEmptyPartitionEndsOnceItIsLive() {
		Subscriber subscriber = subscribeFromEarliest(readonlyStreamWith());
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "End of readonly partition");
	}

	@Test
	void subscriptionWithStopBehindTheEndEndsAtTheEnd() {
		String stream = readonlyStreamWith("a", "b");
		Subscriber subscriber = subscribe(stream,
				(request) -> request.setStartPosition(StartPosition.EARLIEST)
					.setStopPosition(StopPosition.STOP_OFFSET)
					.setStopOffset(10))
			.live();
		assertThat(subscriber.offsets(2)).containsExactly(0L, 1L);
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "End of readonly partition");
	}

	@Test
	void liveSubscriptionEndsWhenPartitionBecomesReadonly() {
		String stream = newStreamWith("a");
		Subscriber subscriber = subscribeFromEarliest(stream);
		subscriber.next();
		setReadonly(stream, true);
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "End of readonly partition");
	}

	@Test
	void subscriptionStaysOpenOnceFlagIsCleared() {
		String stream = readonlyStreamWith("a");
		setReadonly(stream, false);
		Subscriber subscriber = subscribeFromEarliest(stream);
		publish(stream, "b");
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertThat(subscriber.hasEnded()).isFalse();
	}

	private PartitionMetadata partition(String stream) {
		return describe(stream).getPartitionsOrThrow(0);
	}

	private String readonlyStreamWith(String... values) {
		String stream = newStreamWith(values);
		setReadonly(stream, true);
		return stream;
	}

}
