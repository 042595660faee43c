package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.function.UnaryOperator;

import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where subscriptions end.
 */
abstract class SubscribeStopScenarios extends Scenarios {

	@Test
	void offsetIsIncluded() {
		Subscriber subscriber = read(newStreamWith("a", "b", "c"), (request) -> stopOffset(request, 1)).live();
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertStopReached(subscriber);
	}

	@Test
	void offsetMayBeTheStart() {
		Subscriber subscriber = read(newStreamWith("a", "b"), (request) -> stopOffset(request, 0)).live();
		assertThat(subscriber.values(1)).containsExactly("a");
		assertStopReached(subscriber);
	}

	@Test
	void offsetInTheFutureIsAwaited() {
		String stream = newStreamWith("a");
		Subscriber subscriber = read(stream, (request) -> stopOffset(request, 2)).live();
		publish(stream, "b");
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertThat(subscriber.hasEnded()).isFalse();
		publish(stream, "c");
		assertThat(subscriber.values(1)).containsExactly("c");
		assertStopReached(subscriber);
	}

	@Test
	void offsetInTheFutureIsAwaitedOnEmptyPartition() {
		String stream = newStream();
		Subscriber subscriber = read(stream, (request) -> stopOffset(request, 0)).live();
		publish(stream, "a");
		assertThat(subscriber.values(1)).containsExactly("a");
		assertStopReached(subscriber);
	}

	@Test
	void offsetBeforeTheStartIsRefused() {
		String stream = newStreamWith("a", "b", "c", "d");
		assertStatus(read(stream,
				(request) -> stopOffset(request, 1).setStartPosition(StartPosition.OFFSET).setStartOffset(3))
			.end(), Code.INVALID_ARGUMENT, "Stop offset is before start offset: 1 < 3");
	}

	@Test
	void offsetMinusOneNeverStops() {
		String stream = newStreamWith("a");
		Subscriber subscriber = read(stream, (request) -> stopOffset(request, -1)).live();
		publish(stream, "b");
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertThat(subscriber.hasEnded()).isFalse();
	}

	@Test
	void offsetMinusTwoIsRefused() {
		assertStatus(read(newStreamWith("a"), (request) -> stopOffset(request, -2)).end(), Code.INVALID_ARGUMENT,
				"Stop offset is before start offset: -2 < 0");
	}

	@Test
	void startBehindTheEndIsNotHonouredButTheStopIs() {
		String stream = newStreamWith("a", "b");
		Subscriber subscriber = read(stream,
				(request) -> stopOffset(request, 5).setStartPosition(StartPosition.OFFSET).setStartOffset(4))
			.live();
		for (String value : new String[] { "c", "d", "e", "f" }) {
			publish(stream, value);
		}
		assertThat(subscriber.offsets(4)).containsExactly(2L, 3L, 4L, 5L);
		assertStopReached(subscriber);
	}

	@Test
	void latestIsTheNewestMessageAtTheTimeOfTheCall() {
		String stream = newStreamWith("a", "b");
		Subscriber subscriber = read(stream, SubscribeStopScenarios::stopLatest).live();
		publish(stream, "c");
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertStopReached(subscriber);
		assertThat(subscriber.untilEnd()).isEmpty();
	}

	@Test
	void latestOfEmptyPartitionIsRefused() {
		assertStatus(read(newStream(), SubscribeStopScenarios::stopLatest).end(), Code.RESOURCE_EXHAUSTED,
				"Stream is empty");
	}

	@Test
	void latestFromLatestDeliversOneMessage() {
		Subscriber subscriber = read(newStreamWith("a", "b"),
				(request) -> stopLatest(request).setStartPosition(StartPosition.LATEST))
			.live();
		assertThat(subscriber.values(1)).containsExactly("b");
		assertStopReached(subscriber);
	}

	@Test
	void latestForNewMessagesIsRefused() {
		String stream = newStreamWith("a", "b", "c");
		assertStatus(read(stream, (request) -> stopLatest(request).setStartPosition(StartPosition.NEW_ONLY)).end(),
				Code.INVALID_ARGUMENT, "Stop offset is before start offset: 2 < 3");
	}

	@Test
	void timestampOfMessageIncludesIt() {
		String stream = newStream();
		publish(stream, "a");
		Ack second = publish(stream, "b");
		publish(stream, "c");
		Subscriber subscriber = read(stream, (request) -> stopAt(request, second.getReceptionTimestamp())).live();
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertStopReached(subscriber);
	}

	@Test
	void timestampBetweenMessagesStopsAtTheEarlierOne() {
		String stream = newStream();
		publish(stream, "a");
		Ack second = publish(stream, "b");
		Subscriber subscriber = read(stream, (request) -> stopAt(request, second.getReceptionTimestamp() - 1)).live();
		assertThat(subscriber.values(1)).containsExactly("a");
		assertStopReached(subscriber);
	}

	@Test
	void timestampInTheFutureStopsAtTheNewestMessage() {
		String stream = newStream();
		publish(stream, "a");
		long future = publish(stream, "b").getReceptionTimestamp() + Duration.ofHours(1).toNanos();
		Subscriber subscriber = read(stream, (request) -> stopAt(request, future)).live();
		assertThat(subscriber.values(2)).containsExactly("a", "b");
		assertStopReached(subscriber);
	}

	@Test
	void timestampBeforeTheFirstMessageIsRefused() {
		assertStatus(read(newStreamWith("a"), (request) -> stopAt(request, 1)).end(), Code.INTERNAL,
				"Failed to lookup offset for timestamp: timestamp is before the beginning of the log");
	}

	@Test
	void timestampOnEmptyPartitionIsRefused() {
		assertStatus(read(newStream(), (request) -> stopAt(request, 1)).end(), Code.INTERNAL,
				"Failed to lookup offset for timestamp: failed to find log segment for timestamp: EOF");
	}

	@Test
	void timestampBeforeTheStartIsRefused() {
		String stream = newStream();
		long first = publish(stream, "a").getReceptionTimestamp();
		publish(stream, "b");
		assertStatus(read(stream, (request) -> stopAt(request, first).setStartPosition(StartPosition.LATEST)).end(),
				Code.INVALID_ARGUMENT, "Stop offset is before start offset: 0 < 1");
	}

	@Test
	void latestBehindAStartBehindTheEndIsRefused() {
		assertStatus(read(newStreamWith("a", "b"),
				(request) -> stopLatest(request).setStartPosition(StartPosition.OFFSET).setStartOffset(7))
			.end(), Code.INVALID_ARGUMENT, "Stop offset is before start offset: 1 < 7");
	}

	@Test
	void unknownStartPositionIsToldBeforeUnknownStopPosition() {
		assertStatus(read(newStream(), (request) -> request.setStopPositionValue(9).setStartPositionValue(9)).end(),
				Code.INVALID_ARGUMENT, "Unknown StartPosition 9");
	}

	@Test
	void unknownStopPositionIsRefused() {
		assertStatus(read(newStream(), (request) -> request.setStopPositionValue(9)).end(), Code.INVALID_ARGUMENT,
				"Unknown StopPosition 9");
	}

	private Subscriber read(String stream, UnaryOperator<SubscribeRequest.Builder> options) {
		return subscribe(stream, (request) -> options.apply(request.setStartPosition(StartPosition.EARLIEST)));
	}

	private static SubscribeRequest.Builder stopOffset(SubscribeRequest.Builder request, long offset) {
		return request.setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(offset);
	}

	private static SubscribeRequest.Builder stopLatest(SubscribeRequest.Builder request) {
		return request.setStopPosition(StopPosition.STOP_LATEST);
	}

	private static SubscribeRequest.Builder stopAt(SubscribeRequest.Builder request, long timestamp) {
		return request.setStopPosition(StopPosition.STOP_TIMESTAMP).setStopTimestamp(timestamp);
	}

	private static void assertStopReached(Subscriber subscriber) {
		assertStatus(subscriber.end(), Code.RESOURCE_EXHAUSTED, "Stop offset reached");
	}

}
