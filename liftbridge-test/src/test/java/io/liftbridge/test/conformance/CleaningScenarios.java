package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Retention and compaction. Both work on whole segments, so each message gets a segment
 * of its own here.
 */
abstract class CleaningScenarios extends Scenarios {

	/**
	 * How subscriptions end that have read all they were asked for: forwards and in
	 * reverse.
	 */
	private static final Set<String> COMPLETE = Set.of("Stop offset reached", "EOF");

	@Test
	void oldMessagesAreRemovedByCount() {
		String stream = newCleanedStream((request) -> request.setRetentionMaxMessages(int64(3)));
		publishMany(stream, 10);
		assertThat(awaitOffsets(stream, (offsets) -> offsets.size() <= 3)).endsWith(9L);
		assertThat(publish(stream, "value").getOffset()).isEqualTo(10);
	}

	@Test
	void oldMessagesAreRemovedBySize() {
		String stream = newCleanedStream((request) -> request.setRetentionMaxBytes(int64(1000)));
		publishMany(stream, 20);
		assertThat(awaitOffsets(stream, (offsets) -> offsets.size() < 15)).endsWith(19L);
	}

	@Test
	void removedOffsetIsReplacedByTheOldest() {
		String stream = newCleanedStream((request) -> request.setRetentionMaxMessages(int64(3)));
		publishMany(stream, 10);
		awaitOffsets(stream, (offsets) -> offsets.size() <= 3);
		awaitOffsets(stream, (request) -> untilLatest(request).setStartPosition(StartPosition.OFFSET).setStartOffset(1),
				(offsets) -> offsets.equals(readAll(stream)));
	}

	@Test
	void compactionKeepsTheLastMessageOfEachKey() {
		String stream = newCleanedStream((request) -> request.setCompactEnabled(enabled()));
		for (String key : List.of("a", "b", "a", "", "a", "b", "", "end")) {
			publish(stream, (request) -> request.setKey(bytes(key)).setValue(bytes(key)));
		}
		awaitOffsets(stream, List.of(3L, 4L, 5L, 6L, 7L)::equals);
	}

	@Test
	void stopThatWasCompactedAwayIsNeverReached() {
		String stream = newCleanedStream((request) -> request.setCompactEnabled(enabled()));
		for (String key : List.of("b", "a", "a", "end")) {
			publish(stream, (request) -> request.setKey(bytes(key)));
		}
		awaitOffsets(stream, List.of(0L, 2L, 3L)::equals);
		AtomicReference<Subscriber> subscriber = new AtomicReference<>();
		awaitUntil(() -> {
			subscriber.set(subscribe(stream,
					(request) -> request.setStartPosition(StartPosition.EARLIEST)
						.setStopPosition(StopPosition.STOP_OFFSET)
						.setStopOffset(1)));
			// There is no first message if the cleaner was at it.
			return subscriber.get().poll(Duration.ofSeconds(5)) != null;
		});
		assertThat(subscriber.get().offsets(3)).containsExactly(0L, 2L, 3L);
		publish(stream, (request) -> request.setKey(bytes("more")));
		assertThat(subscriber.get().offsets(1)).containsExactly(4L);
		assertThat(subscriber.get().hasEnded()).isFalse();
	}

	@Test
	void compactedLogIsReadInReverse() {
		String stream = newCleanedStream((request) -> request.setCompactEnabled(enabled()));
		for (String key : List.of("a", "b", "a", "end")) {
			publish(stream, (request) -> request.setKey(bytes(key)));
		}
		awaitOffsets(stream, List.of(1L, 2L, 3L)::equals);
		awaitOffsets(stream, (request) -> request.setReverse(true), List.of(3L, 2L, 1L)::equals);
	}

	@Test
	void compactedOffsetIsReplacedByTheNext() {
		String stream = newCleanedStream((request) -> request.setCompactEnabled(enabled()));
		for (String key : List.of("b", "a", "a", "end")) {
			publish(stream, (request) -> request.setKey(bytes(key)));
		}
		awaitOffsets(stream, List.of(0L, 2L, 3L)::equals);
		awaitOffsets(stream, (request) -> untilLatest(request).setStartPosition(StartPosition.OFFSET).setStartOffset(1),
				List.of(2L, 3L)::equals);
	}

	@Test
	void offsetsGoOnOnceEverythingHasAgedOut() {
		String stream = newCleanedStream((request) -> request.setRetentionMaxAge(int64(500)));
		publishMany(stream, 3);
		awaitUntil(() -> {
			Subscriber subscriber = subscribe(stream,
					(request) -> request.setStartPosition(StartPosition.TIMESTAMP).setStartTimestamp(1));
			boolean empty = subscriber.poll(Duration.ofSeconds(1)) != null
					&& subscriber.poll(Duration.ofMillis(200)) == null;
			subscriber.cancel();
			return empty;
		});
		assertThat(publish(stream, "value").getOffset()).isEqualTo(3);
	}

	@Test
	void compactionKeepsEmptyValues() {
		String stream = newCleanedStream((request) -> request.setCompactEnabled(enabled()));
		publish(stream, (request) -> request.setKey(bytes("a")).setValue(bytes("value")));
		publish(stream, (request) -> request.setKey(bytes("a")));
		publish(stream, (request) -> request.setKey(bytes("end")));
		awaitOffsets(stream, List.of(1L, 2L)::equals);
	}

	private String newCleanedStream(UnaryOperator<CreateStreamRequest.Builder> options) {
		return newStream(
				(request) -> options.apply(request.setCleanerInterval(int64(200)).setSegmentMaxBytes(int64(1))));
	}

	private void publishMany(String stream, int count) {
		for (int index = 0; index < count; index++) {
			publish(stream, "value-" + index);
		}
	}

	/**
	 * Waits until the offsets that are left are as wanted, and returns them.
	 */
	private List<Long> awaitOffsets(String stream, Predicate<List<Long>> wanted) {
		return awaitOffsets(stream, CleaningScenarios::fromEarliest, wanted);
	}

	private List<Long> awaitOffsets(String stream, UnaryOperator<SubscribeRequest.Builder> options,
			Predicate<List<Long>> wanted) {
		AtomicReference<List<Long>> left = new AtomicReference<>(List.of());
		awaitUntil(() -> {
			left.set(read(stream, options));
			return !left.get().isEmpty() && wanted.test(left.get());
		});
		return left.get();
	}

	private List<Long> readAll(String stream) {
		return read(stream, CleaningScenarios::fromEarliest);
	}

	/**
	 * The offsets that a subscription delivers until its end; none if the cleaner cut it
	 * short, which it may at any time.
	 */
	private List<Long> read(String stream, UnaryOperator<SubscribeRequest.Builder> options) {
		Subscriber subscriber = subscribe(stream, options);
		List<Long> offsets = subscriber.offsetsUntilEnd();
		boolean complete = COMPLETE.contains(String.valueOf(subscriber.end().getDescription()));
		return complete ? offsets.subList(1, offsets.size()) : List.of();
	}

	private static SubscribeRequest.Builder fromEarliest(SubscribeRequest.Builder request) {
		return untilLatest(request).setStartPosition(StartPosition.EARLIEST);
	}

	private static SubscribeRequest.Builder untilLatest(SubscribeRequest.Builder request) {
		return request.setStopPosition(StopPosition.STOP_LATEST);
	}

}
