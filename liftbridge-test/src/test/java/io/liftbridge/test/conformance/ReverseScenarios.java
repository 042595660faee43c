package io.liftbridge.test.conformance;

import java.util.function.UnaryOperator;

import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reading from new to old.
 */
abstract class ReverseScenarios extends Scenarios {

	@ParameterizedTest
	@EnumSource(value = StartPosition.class, names = { "NEW_ONLY", "LATEST" })
	void beginsAtTheNewestMessage(StartPosition start) {
		Subscriber subscriber = reverse(newStreamWith("a", "b", "c"), (request) -> request.setStartPosition(start))
			.live();
		assertThat(subscriber.values(3)).containsExactly("c", "b", "a");
		assertEndOfLog(subscriber);
	}

	@Test
	void offsetIsIncluded() {
		Subscriber subscriber = reverseFrom(newStreamWith("a", "b", "c"), 1).live();
		assertThat(subscriber.offsets(2)).containsExactly(1L, 0L);
		assertEndOfLog(subscriber);
	}

	@Test
	void offsetBehindTheEndBeginsAtTheNewestMessage() {
		Subscriber subscriber = reverseFrom(newStreamWith("a", "b"), 10).live();
		assertThat(subscriber.offsets(2)).containsExactly(1L, 0L);
		assertEndOfLog(subscriber);
	}

	@Test
	void negativeOffsetIsTheFirst() {
		Subscriber subscriber = reverseFrom(newStreamWith("a", "b"), -1).live();
		assertThat(subscriber.offsets(1)).containsExactly(0L);
		assertEndOfLog(subscriber);
	}

	@Test
	void earliestDeliversTheOldestMessageOnly() {
		Subscriber subscriber = reverse(newStreamWith("a", "b"),
				(request) -> request.setStartPosition(StartPosition.EARLIEST))
			.live();
		assertThat(subscriber.values(1)).containsExactly("a");
		assertEndOfLog(subscriber);
	}

	@Test
	void timestampBeginsAtTheFirstMessageFromThenOn() {
		String stream = newStream();
		publish(stream, "a");
		Ack second = publish(stream, "b");
		publish(stream, "c");
		Subscriber subscriber = reverse(stream, (request) -> request.setStartPosition(StartPosition.TIMESTAMP)
			.setStartTimestamp(second.getReceptionTimestamp())).live();
		assertThat(subscriber.values(2)).containsExactly("b", "a");
		assertEndOfLog(subscriber);
	}

	@Test
	void stopAtTheStartDeliversOneMessage() {
		Subscriber subscriber = reverse(newStreamWith("a", "b", "c"),
				(request) -> request.setStartPosition(StartPosition.LATEST).setStopPosition(StopPosition.STOP_LATEST))
			.live();
		assertThat(subscriber.values(1)).containsExactly("c");
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "Stop offset reached");
	}

	@Test
	void stopBelowTheStartIsRefused() {
		String stream = newStreamWith("a", "b", "c");
		assertStatus(
				reverse(stream,
						(request) -> request.setStartPosition(StartPosition.OFFSET)
							.setStartOffset(2)
							.setStopPosition(StopPosition.STOP_OFFSET)
							.setStopOffset(1))
					.end(),
				Code.INVALID_ARGUMENT, "Stop offset is before start offset: 1 < 2");
	}

	@Test
	void stopAboveTheStartIsNeverReached() {
		Subscriber subscriber = reverse(newStreamWith("a", "b", "c"),
				(request) -> request.setStartPosition(StartPosition.OFFSET)
					.setStartOffset(1)
					.setStopPosition(StopPosition.STOP_OFFSET)
					.setStopOffset(2))
			.live();
		assertThat(subscriber.offsets(2)).containsExactly(1L, 0L);
		assertEndOfLog(subscriber);
	}

	@Test
	void emptyPartitionIsRefused() {
		assertStatus(reverse(newStream(), (request) -> request).end(), Code.INTERNAL,
				"Failed to create stream reader: segment not found");
	}

	@Test
	void readonlyPartitionDeliversTheNewestMessageOnly() {
		String stream = newStreamWith("a", "b");
		setReadonly(stream, true);
		Subscriber subscriber = reverse(stream, (request) -> request.setStartPosition(StartPosition.LATEST)).live();
		assertThat(subscriber.values(1)).containsExactly("b");
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "Stop offset reached");
	}

	@Test
	void pausedPartitionEndsOnceItIsLive() {
		String stream = newStreamWith("a", "b");
		pause(stream);
		Subscriber subscriber = reverse(stream, (request) -> request).live();
		assertStatus(subscriber.end(), Code.FAILED_PRECONDITION, "commit log was closed");
	}

	private Subscriber reverseFrom(String stream, long offset) {
		return reverse(stream, (request) -> request.setStartPosition(StartPosition.OFFSET).setStartOffset(offset));
	}

	private Subscriber reverse(String stream, UnaryOperator<SubscribeRequest.Builder> options) {
		return subscribe(stream, (request) -> options.apply(request.setReverse(true)));
	}

	private static void assertEndOfLog(Subscriber subscriber) {
		assertStatus(subscriber.end(), Code.UNKNOWN, "EOF");
	}

}
