package io.liftbridge.client.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DeliveryTests {

	private final Deque<Runnable> executor = new ArrayDeque<>();

	private final List<Long> seen = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger consumed = new AtomicInteger();

	private final List<String> finished = Collections.synchronizedList(new ArrayList<>());

	private final Delivery.Callbacks callbacks = new Delivery.Callbacks() {

		@Override
		public void consumed(int messages) {
			DeliveryTests.this.consumed.addAndGet(messages);
		}

		@Override
		public void malformed(MalformedEntryException malformed) {
			DeliveryTests.this.finished.add("malformed");
		}

		@Override
		public void finished(EndReason reason, Throwable failure) {
			DeliveryTests.this.finished.add(String.valueOf((reason != null) ? reason : failure.getMessage()));
		}

	};

	/** Each message arrives just when the queue has run empty. */
	@Test
	void losesNothingThatArrivesWhileTheQueueRunsEmpty() throws Exception {
		int count = 100_000;
		AtomicInteger handled = new AtomicInteger();
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			Delivery delivery = delivery(each((message) -> handled.incrementAndGet()), threads, this.callbacks);
			// As many as a busy machine takes in this time: each waits for a thread.
			long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
			int sent = 0;
			for (int i = 0; i < count && System.nanoTime() < enough; i++) {
				long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
				while (handled.get() < i && System.nanoTime() < deadline) {
					Thread.onSpinWait();
				}
				assertThat(handled.get()).as("message " + i + " was lost").isEqualTo(i);
				for (int spin = i % 64; spin > 0; spin--) {
					Thread.onSpinWait();
				}
				delivery.offer(messages(i, 1));
				sent++;
			}
			delivery.end(EndReason.STOP_REACHED);
			await().until(() -> this.finished.contains("STOP_REACHED"));
			assertThat(handled).hasValue(sent);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void asksForAThreadOncePerBurst() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.offer(messages(0, 3));
		delivery.offer(messages(3, 2));
		assertThat(this.executor).hasSize(1);
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(delivery.lastDelivered()).isEqualTo(4);
	}

	@Test
	void fillsBatchesAcrossBursts() {
		List<Integer> sizes = new ArrayList<>();
		Delivery delivery = delivery(batch(4, (messages) -> sizes.add(messages.size())), this.executor::add,
				this.callbacks);
		delivery.offer(messages(0, 3));
		delivery.offer(messages(3, 6));
		runAll();
		assertThat(sizes).containsExactly(4, 4, 1);
		assertThat(this.consumed).hasValue(9);
	}

	@Test
	void deliversWhatWasOfferedBeforeItEnds() {
		Delivery delivery = delivery(batch(2, (messages) -> messages.forEach((m) -> this.seen.add(m.offset()))),
				this.executor::add, this.callbacks);
		delivery.offer(messages(0, 5));
		delivery.end(EndReason.END_OF_PARTITION);
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(this.finished).containsExactly("END_OF_PARTITION");
	}

	@Test
	void deliversWhatWasOfferedBeforeItFails() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.offer(messages(0, 2));
		delivery.fail(new IllegalStateException("gone"));
		delivery.offer(messages(2, 2));
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L);
		assertThat(delivery.isEnded()).isTrue();
		assertThat(this.finished).containsExactly("gone");
	}

	@Test
	void deliversNothingMoreOnceStopped() {
		AtomicReference<Delivery> self = new AtomicReference<>();
		Delivery delivery = delivery(each((message) -> {
			this.seen.add(message.offset());
			if (message.offset() == 1) {
				self.get().stop(EndReason.CLOSED);
			}
		}), this.executor::add, this.callbacks);
		self.set(delivery);
		delivery.offer(messages(0, 5));
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L);
		assertThat(this.finished).containsExactly("CLOSED");
	}

	@Test
	void deliversNothingMoreOnceTheHandlerFailed() {
		Delivery delivery = delivery(each((message) -> {
			this.seen.add(message.offset());
			if (message.offset() == 1) {
				throw new IllegalStateException("bad message");
			}
		}), this.executor::add, this.callbacks);
		delivery.offer(messages(0, 5));
		delivery.offer(messages(5, 5));
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L);
		assertThat(this.finished).containsExactly("bad message");
	}

	@Test
	void pausesAfterThePresentMessage() {
		AtomicReference<Delivery> self = new AtomicReference<>();
		Delivery delivery = delivery(each((message) -> {
			this.seen.add(message.offset());
			if (message.offset() % 2 == 1) {
				self.get().pause();
			}
		}), this.executor::add, this.callbacks);
		self.set(delivery);
		delivery.offer(messages(0, 5));
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L);
		delivery.offer(messages(5, 1));
		runAll();
		assertThat(this.seen).hasSize(2);
		delivery.resume();
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L, 2L, 3L);
		delivery.resume();
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
		delivery.resume();
		delivery.end(EndReason.STOP_REACHED);
		runAll();
		assertThat(this.consumed).hasValue(6);
		assertThat(this.finished).containsExactly("STOP_REACHED");
	}

	@Test
	void endsWhilePaused() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.pause();
		delivery.offer(messages(0, 5));
		runAll();
		delivery.stop(EndReason.CLOSED);
		runAll();
		assertThat(this.seen).isEmpty();
		assertThat(this.finished).containsExactly("CLOSED");
	}

	@Test
	void keepsAnEndForTheTimeAfterThePause() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.pause();
		delivery.offer(messages(0, 2));
		delivery.end(EndReason.STOP_REACHED);
		runAll();
		assertThat(delivery.isEnded()).isFalse();
		delivery.resume();
		runAll();
		assertThat(this.seen).containsExactly(0L, 1L);
		assertThat(this.finished).containsExactly("STOP_REACHED");
	}

	@Test
	void lifeOfTheSubscriptionEndsWithItsExecutor() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), (task) -> {
			throw new RejectedExecutionException("shut down");
		}, this.callbacks);
		delivery.offer(messages(0, 1));
		assertThat(delivery.isEnded()).isTrue();
		delivery.stop(EndReason.CLOSED);
		assertThat(this.finished).containsExactly("shut down");
	}

	@Test
	void givesOthersOnTheSameThreadATurn() {
		ExecutorService one = Executors.newSingleThreadExecutor();
		try {
			CompletableFuture<Void> other = new CompletableFuture<>();
			AtomicReference<Delivery> self = new AtomicReference<>();
			Delivery endless = delivery(
					batch(1, one, (messages) -> self.get().offer(messages(messages.get(0).offset() + 1, 1))), one,
					this.callbacks);
			self.set(endless);
			endless.offer(messages(0, 1));
			Delivery modest = delivery(each((message) -> other.complete(null)), one, this.callbacks);
			modest.offer(messages(0, 1));
			await().until(other::isDone);
			endless.stop(EndReason.CLOSED);
			await().until(() -> endless.isEnded());
		}
		finally {
			one.shutdownNow();
		}
	}

	@Test
	void takesNoMoreThanItsTurnOnASharedExecutor() {
		Executor shared = this.executor::add;
		Delivery delivery = delivery(
				batch(500, shared, new SubscriptionBuilder.EachMessage((message) -> this.seen.add(message.offset()))),
				shared, this.callbacks);
		for (int i = 0; i < 10; i++) {
			delivery.offer(messages(i * 500, 500));
		}
		this.executor.remove().run();
		assertThat(this.seen.size()).isBetween(100, 1000);
		assertThat(this.executor).as("asks for another turn").hasSize(1);
		runAll();
		assertThat(this.seen).hasSize(5000).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void aSlowHandlerKeepsOthersWaitingForAFewMessagesOnly() throws Exception {
		Executor shared = this.executor::add;
		CountDownLatch never = new CountDownLatch(1);
		Delivery delivery = delivery(batch(500, shared, new SubscriptionBuilder.EachMessage((message) -> {
			this.seen.add(message.offset());
			never.await(1, TimeUnit.MILLISECONDS);
		})), shared, this.callbacks);
		delivery.offer(messages(0, 500));
		this.executor.remove().run();
		assertThat(this.seen.size()).isLessThanOrEqualTo(100);
		assertThat(this.executor).as("asks for another turn").hasSize(1);
	}

	@Test
	void failsWhilePaused() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.pause();
		delivery.offer(messages(0, 2));
		delivery.fail(new IllegalStateException("gone"));
		runAll();
		assertThat(this.finished).containsExactly("gone");
		delivery.resume();
		runAll();
		assertThat(this.seen).isEmpty();
	}

	@Test
	void endsWhilePausedIfThereIsNothingLeft() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.offer(messages(0, 1));
		runAll();
		delivery.pause();
		delivery.end(EndReason.END_OF_PARTITION);
		runAll();
		assertThat(this.finished).containsExactly("END_OF_PARTITION");
	}

	@Test
	void isClosedAlthoughItsExecutorForgotIt() {
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), this.executor::add,
				this.callbacks);
		delivery.offer(messages(0, 1));
		delivery.stop(EndReason.CLOSED);
		assertThat(this.finished).containsExactly("CLOSED");
		runAll();
		assertThat(this.seen).isEmpty();
		assertThat(this.finished).hasSize(1);
	}

	@Test
	void noticesThatItsExecutorWasEndedWithTheRunThatItTook() throws Exception {
		ExecutorService one = Executors.newSingleThreadExecutor();
		CountDownLatch never = new CountDownLatch(1);
		one.execute(() -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		Delivery delivery = delivery(each((message) -> this.seen.add(message.offset())), one, this.callbacks);
		delivery.offer(messages(0, 1));
		delivery.check();
		assertThat(delivery.isEnded()).isFalse();
		one.shutdownNow();
		assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		delivery.check();
		assertThat(this.finished).singleElement().asString().contains("executor").contains("shut down");
		delivery.stop(EndReason.CLOSED);
		assertThat(this.finished).hasSize(1);
	}

	@Test
	void readsAMessageAsTheServerSentIt() {
		List<ReceivedMessage<byte[]>> received = new ArrayList<>();
		Delivery delivery = delivery(each(received::add), this.executor::add, this.callbacks);
		delivery.offer(List.of(Message.newBuilder()
			.setStream("orders")
			.setPartition(3)
			.setOffset(7)
			.setTimestamp(1_000_000_001L)
			.setKey(com.google.protobuf.ByteString.copyFromUtf8("k"))
			.setValue(com.google.protobuf.ByteString.copyFromUtf8("v"))
			.setSubject("orders.3")
			.setReplySubject("r")
			.putHeaders("h", com.google.protobuf.ByteString.copyFromUtf8("1"))
			.build(), Message.newBuilder().setStream("orders").setOffset(8).build()));
		runAll();
		ReceivedMessage<byte[]> first = received.get(0);
		assertThat(first.stream()).isEqualTo("orders");
		assertThat(first.partition()).isEqualTo(3);
		assertThat(first.offset()).isEqualTo(7);
		assertThat(first.timestampNanos()).isEqualTo(1_000_000_001L);
		assertThat(first.keyText()).isEqualTo("k");
		assertThat(first.text()).isEqualTo("v");
		assertThat(first.subject()).isEqualTo("orders.3");
		assertThat(first.replySubject()).isEqualTo("r");
		assertThat(first.headers().text("h")).isEqualTo("1");
		assertThat(received.get(1).key()).as("no key").isNull();
		assertThat(received.get(1).value()).isEmpty();
	}

	private void runAll() {
		while (!this.executor.isEmpty()) {
			this.executor.remove().run();
		}
	}

	private static List<Message> messages(long first, int count) {
		return LongStream.range(first, first + count)
			.mapToObj((offset) -> Message.newBuilder().setStream("s").setOffset(offset).build())
			.toList();
	}

	/** A pull consumer has no thread to give once it is closed. */
	@Test
	void endsWithoutAnotherThreadIfStoppedAsItsTurnIsOver() {
		AtomicReference<Delivery> self = new AtomicReference<>();
		CountDownLatch never = new CountDownLatch(1);
		Executor shared = this.executor::add;
		Delivery delivery = delivery(batch(500, shared, new SubscriptionBuilder.EachMessage((message) -> {
			never.await(20, TimeUnit.MILLISECONDS);
			self.get().stop(EndReason.CLOSED);
		})), shared, this.callbacks);
		self.set(delivery);
		delivery.offer(messages(0, 500));
		this.executor.remove().run();
		assertThat(this.finished).containsExactly("CLOSED");
		assertThat(this.executor).isEmpty();
	}

	private static SubscriptionOptions each(MessageHandler handler) {
		return batch(500, new SubscriptionBuilder.EachMessage(handler));
	}

	private static SubscriptionOptions batch(int size, BatchHandler handler) {
		return batch(size, null, handler);
	}

	private static SubscriptionOptions batch(int size, Executor shared, BatchHandler handler) {
		return new SubscriptionOptions("s", 0, StartPosition.earliest(), StopPosition.never(), false, MessageFilter.ALL,
				false, false, 1000, 1000, size, handler, shared, SubscriptionListener.NONE, null, null,
				EntryOptions.DEFAULT);
	}

	private static Delivery delivery(SubscriptionOptions options, Executor executor, Delivery.Callbacks callbacks) {
		return new Delivery(options, new EntryDecoder(Codecs.STANDARD, options.entries()), executor, callbacks);
	}

}
