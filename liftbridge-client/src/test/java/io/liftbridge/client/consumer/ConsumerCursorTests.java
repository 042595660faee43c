package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.grpc.Status;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Consumers that keep their positions in cursors: what counts as processed, and when.
 */
class ConsumerCursorTests extends FakeClusterTest {

	private static final String CURSOR = "billing,orders,0";

	private static final OffsetTracking OFTEN = OffsetTracking.every(1, Duration.ofDays(1));

	@BeforeEach
	void storeCursors() {
		this.cluster.stream("__cursors");
	}

	private ConsumerBuilder consumer() {
		return this.client.consumer("orders").from(StartPosition.earliest()).cursor("billing").tracking(OFTEN);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private void awaitCursor(long offset) {
		await().atMost(LONG).until(() -> Long.valueOf(offset).equals(this.cluster.cursors().get(CURSOR)));
	}

	private static List<Long> poll(Consumer consumer) {
		return consumer.poll(LONG).stream().map(ReceivedMessage::offset).toList();
	}

	private static List<Long> poll(Consumer consumer, int messages) {
		List<Long> offsets = new ArrayList<>();
		while (offsets.size() < messages) {
			List<Long> more = poll(consumer);
			assertThat(more).isNotEmpty();
			offsets.addAll(more);
		}
		return offsets;
	}

	@Test
	void whatWasPolledIsProcessedWithTheNextPoll() {
		store(5);
		try (Consumer consumer = consumer().maxPoll(1).open()) {
			for (long i = 0; i < 4; i++) {
				assertThat(poll(consumer)).containsExactly(i);
				if (i > 0) {
					awaitCursor(i - 1);
				}
			}
			assertThat(poll(consumer)).containsExactly(4L);
		}
		assertThat(this.cluster.cursors()).as("nobody said that the last one is processed").containsEntry(CURSOR, 3L);
		try (Consumer consumer = consumer().open()) {
			assertThat(poll(consumer)).containsExactly(4L);
			get(consumer.commit());
			assertThat(this.cluster.cursors()).containsEntry(CURSOR, 4L);
		}
	}

	@Test
	void closeStoresWhatIsProcessed() {
		store(3);
		Consumer consumer = consumer().tracking(OffsetTracking.DEFAULT).maxPoll(1).open();
		assertThat(poll(consumer)).containsExactly(0L);
		assertThat(poll(consumer)).containsExactly(1L);
		assertThat(poll(consumer)).containsExactly(2L);
		assertThat(consumer.close(LONG)).isTrue();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		assertThat(consumer.close(Duration.ZERO)).isTrue();
	}

	@Test
	void closesInTimeAlthoughTheCursorCannotBeStored() {
		store(2);
		Consumer consumer = consumer().maxPoll(1).open();
		poll(consumer);
		this.broker.hang("SetCursor");
		poll(consumer);
		assertThat(consumer.close(Duration.ofMillis(50))).isFalse();
		assertThat(consumer.isEnded()).isTrue();
	}

	@Test
	void theClientStoresPositionsBeforeItCloses() {
		store(3);
		Consumer consumer = consumer().tracking(OffsetTracking.every(100, Duration.ofDays(1))).maxPoll(1).open();
		poll(consumer);
		poll(consumer);
		awaitCursor(0);
		poll(consumer);
		this.client.close();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
	}

	@Test
	void whatWasIteratedIsProcessedWithTheNextLook() {
		store(3);
		try (Consumer consumer = consumer().open()) {
			Iterator<ReceivedMessage<byte[]>> messages = consumer.iterator();
			assertThat(messages.next().offset()).isZero();
			assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
			assertThat(messages.hasNext()).isTrue();
			awaitCursor(0);
			assertThat(messages.next().offset()).isEqualTo(1);
		}
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
	}

	@Test
	void aLoopThatFailsLeavesItsMessageUnprocessed() {
		store(3);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> {
			try (Consumer consumer = consumer().open()) {
				for (ReceivedMessage<byte[]> message : consumer) {
					if (message.offset() == 1) {
						throw new IllegalStateException("broken");
					}
				}
			}
		});
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
	}

	@Test
	void aLoopToTheEndNeedsNoClose() {
		store(4);
		List<Long> offsets = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			for (ReceivedMessage<byte[]> message : consumer().tracking(OffsetTracking.DEFAULT)
				.until(StopPosition.latest())) {
				offsets.add(message.offset());
			}
			awaitCursor(3);
		}
		store(1);
		for (ReceivedMessage<byte[]> message : consumer().until(StopPosition.latest())) {
			offsets.add(message.offset());
		}
		assertThat(offsets).containsExactly(0L, 1L, 2L, 3L, 4L);
	}

	@Test
	void whatWasStreamedIsProcessedToTheEnd() {
		store(4);
		try (Stream<ReceivedMessage<byte[]>> messages = consumer().until(StopPosition.latest()).open().stream()) {
			assertThat(messages.count()).isEqualTo(4);
		}
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 3L);
	}

	@Test
	void whatWasPublishedIsProcessedWithTheNextRequest() {
		store(5);
		Recorder recorder = new Recorder();
		Consumer consumer = consumer().open();
		consumer.publisher().subscribe(recorder);
		get(recorder.subscribed).request(2);
		await().atMost(LONG).until(() -> recorder.offsets.size() == 2);
		store(1);
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		get(recorder.subscribed).request(1);
		awaitCursor(1);
		await().atMost(LONG).until(() -> recorder.offsets.size() == 3);
		get(recorder.subscribed).cancel();
		assertThat(consumer.close(LONG)).isTrue();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
	}

	@Test
	void whatWasPublishedWithoutBoundIsProcessedWhenTheSubscriberReturns() {
		store(5);
		Recorder recorder = new Recorder();
		consumer().until(StopPosition.latest()).open().publisher().subscribe(recorder);
		get(recorder.subscribed).request(Long.MAX_VALUE);
		get(recorder.ended);
		awaitCursor(4);
	}

	@Test
	void commitsByHand() {
		store(4);
		Consumer consumer = consumer().tracking(OffsetTracking.manual()).open();
		Iterator<ReceivedMessage<byte[]>> iterator = consumer.iterator();
		List<ReceivedMessage<byte[]>> messages = Stream.generate(iterator::next).limit(4).toList();
		get(consumer.commit(messages.get(1)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(consumer.commit(messages.get(0)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		consumer.close();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(consumer.commit(messages.get(2)));
		assertThat(this.cluster.cursors()).as("late, by whom it was left to").containsEntry(CURSOR, 2L);
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		assertThat(failure(consumer.commit(messages.get(3)))).hasMessageContaining("disk is full");
	}

	@Test
	void keepsACursorForEachPartition() {
		List<FakePartition> partitions = this.cluster.stream("many", 2);
		partitions.get(0).append("a");
		partitions.get(1).append("b");
		partitions.get(1).append("c");
		List<String> values = new ArrayList<>();
		try (Consumer consumer = this.client.consumer("many")
			.from(StartPosition.earliest())
			.cursor("billing", CursorConvention.NEXT_OFFSET)
			.tracking(OFTEN)
			.open()) {
			Iterator<ReceivedMessage<byte[]>> messages = consumer.iterator();
			for (int i = 0; i < 3; i++) {
				values.add(messages.next().text());
			}
			get(consumer.commit());
		}
		assertThat(values).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(this.cluster.cursors()).containsEntry("billing,many,0", 1L).containsEntry("billing,many,1", 2L);
	}

	/** Who waits for a message that fits must not read all the others again. */
	@Test
	void goesBeyondWhatIsFilteredOutWhileItWaits() throws Exception {
		store(5);
		try (Consumer consumer = consumer().filter((message) -> message.offset() == 7).open()) {
			Thread reader = new Thread(() -> consumer.iterator().hasNext());
			reader.start();
			awaitCursor(4);
			store(2);
			awaitCursor(6);
			store(1);
			reader.join();
			get(consumer.commit());
			assertThat(this.cluster.cursors()).containsEntry(CURSOR, 7L);
		}
	}

	@Test
	void aPublisherGoesBeyondWhatIsFilteredOut() {
		store(5);
		Recorder recorder = new Recorder();
		try (Consumer consumer = consumer().filter((message) -> message.offset() == 5).open()) {
			consumer.publisher().subscribe(recorder);
			get(recorder.subscribed).request(10);
			awaitCursor(4);
			store(3);
			await().atMost(LONG).until(() -> recorder.offsets.equals(List.of(5L)));
			assertThat(this.cluster.cursors()).as("5 is being worked on").containsEntry(CURSOR, 4L);
			get(recorder.subscribed).request(1);
			awaitCursor(7);
		}
	}

	@Test
	void aStreamThatIsDeletedIsReadFromItsBeginningWhenItIsThereAgain() {
		store(2);
		Consumer first = consumer().open();
		assertThat(poll(first, 2)).containsExactly(0L, 1L);
		this.cluster.remove("orders");
		this.broker.subscriberCalls().get(0).end(Status.NOT_FOUND.withDescription("stream deleted"));
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> first.poll(LONG));
		first.close();
		FakePartition anew = this.cluster.stream("orders");
		for (int i = 0; i < 4; i++) {
			anew.append("n" + i);
		}
		try (Consumer second = consumer().open()) {
			assertThat(poll(second, 4)).containsExactly(0L, 1L, 2L, 3L);
		}
	}

	@Test
	void survivesALostConnection() {
		store(2);
		try (Consumer consumer = consumer().open()) {
			assertThat(poll(consumer, 2)).containsExactly(0L, 1L);
			this.broker.kill();
			store(2);
			this.broker.start();
			assertThat(poll(consumer, 2)).containsExactly(2L, 3L);
			// 2 if they came in two polls, the second of which said that the first is
			// done.
			await().atMost(LONG).until(() -> List.of(1L, 2L).contains(this.cluster.cursors().get(CURSOR)));
		}
	}

	@Test
	void refusesWhatMakesNoSense() {
		store(1);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> consumer().reverse().open())
			.withMessageContaining("billing");
		try (Consumer plain = this.client.consumer("orders").from(StartPosition.earliest()).open()) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(plain::commit)
				.withMessageContaining("Consumer of stream 'orders'")
				.withMessageContaining("cursor(...)");
			ReceivedMessage<byte[]> message = plain.poll(LONG).get(0);
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> plain.commit(message));
			assertThat(plain.close(Duration.ZERO)).isTrue();
		}
	}

	private static final class Recorder implements Flow.Subscriber<ReceivedMessage<byte[]>> {

		private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

		private final CompletableFuture<Void> ended = new CompletableFuture<>();

		private final List<Long> offsets = new CopyOnWriteArrayList<>();

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscribed.complete(subscription);
		}

		@Override
		public void onNext(ReceivedMessage<byte[]> message) {
			this.offsets.add(message.offset());
		}

		@Override
		public void onError(Throwable failure) {
			this.ended.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.ended.complete(null);
		}

	}

}
