package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ProducerCloseTests extends HeldAnswersTest {

	private static Duration time(Runnable action) {
		long start = System.nanoTime();
		action.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@Test
	void waitsForMessagesOnTheirWay() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> first = producer.send(Message.of("k", "1"));
		CompletableFuture<Ack> second = producer.send(Message.of("k", "2"));
		AtomicBoolean done = new AtomicBoolean();
		Thread closer = new Thread(() -> {
			producer.close();
			done.set(first.isDone() && second.isDone());
		});
		closer.start();
		await().untilAsserted(() -> assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> producer.send(Message.of("k", "3"))));
		awaitHeld(1);
		answerAll();
		closer.join(LONG.toMillis());
		assertThat(get(first).offset()).isZero();
		assertThat(get(second).offset()).isEqualTo(1);
		assertThat(done).as("outcomes are told before it returns").isTrue();
	}

	@Test
	void returnsAtOnceAlthoughTheServerKeepsTheCallOpen() {
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.of("k", "1")));
		assertThat(time(producer::close)).isLessThan(Duration.ofSeconds(2));
		await().until(() -> this.broker.publishCalls().get(0).isEnded());
	}

	@Test
	void failsWhatHasNoAnswerInTime() {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> sent = producer.send(Message.of("k", "1"));
		awaitHeld(1);
		// Not handed over before the first is answered.
		CompletableFuture<Ack> unsent = producer.send(Message.of("k", "2"));
		assertThat(time(() -> producer.close(Duration.ofMillis(200)))).isBetween(Duration.ofMillis(190),
				Duration.ofSeconds(4));
		LiftbridgeException first = failure(sent);
		assertThat(first).isInstanceOf(ClientClosedException.class)
			.hasMessageContaining("'orders'")
			.hasMessageContaining("may be stored");
		assertThat(first.outcome()).isEqualTo(Outcome.INDETERMINATE);
		LiftbridgeException second = failure(unsent);
		assertThat(second).hasMessageContaining("not sent");
		assertThat(second.outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void closesWithoutWaiting() {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> future = producer.send(Message.of("k", "1"));
		assertThat(time(() -> producer.close(Duration.ZERO))).isLessThan(Duration.ofSeconds(2));
		assertThat(failure(future)).isInstanceOf(ClientClosedException.class);
	}

	@Test
	void closesWhileTheBrokerIsAway() {
		get(this.client.producer("orders").build().send(Message.of("k", "1")));
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		// Not the one from before, whose call may not have heard of it yet.
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> future = producer.send(Message.of("k", "2"));
		assertThat(time(() -> producer.close(Duration.ofMillis(200)))).isLessThan(Duration.ofSeconds(4));
		LiftbridgeException failure = failure(future);
		assertThat(failure).isInstanceOf(ClientClosedException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
	}

	@Test
	void closesBeforeItsFirstMessage() {
		Producer producer = this.client.producer("orders").build();
		assertThat(time(producer::close)).isLessThan(Duration.ofSeconds(2));
		assertThat(time(producer::close)).as("the second time is free").isLessThan(Duration.ofSeconds(2));
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.send(Message.of("k", "1")))
			.withMessageContaining("'orders'")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> producer.sendAndWait(Message.of("k", "1"), LONG));
		assertThat(producer.flush(LONG)).isTrue();
	}

	@Test
	void closesWithItsClient() {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> future = producer.send(Message.of("k", "1"));
		this.client.close(Duration.ofMillis(100));
		assertThat(failure(future)).isInstanceOf(ClientClosedException.class);
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.send(Message.of("k", "2")));
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> this.client.producer("orders").build());
	}

	@Test
	void wakesWhoWaitsForRoom() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		producer.send(Message.of("k", "1"));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread sender = new Thread(() -> {
			try {
				producer.send(Message.of("k", "2"));
			}
			catch (LiftbridgeException ex) {
				failure.set(ex);
			}
		});
		sender.start();
		await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		producer.close(Duration.ofMillis(100));
		sender.join(LONG.toMillis());
		assertThat(failure.get()).isInstanceOf(ClientClosedException.class);
	}

	@Test
	void doesNotWaitForItselfInsideACallback() {
		Producer producer = this.client.producer("orders").build();
		holdAnswers();
		AtomicReference<Duration> took = new AtomicReference<>();
		CompletableFuture<Void> closed = producer.send(Message.of("k", "1"))
			.thenRun(() -> took.set(time(producer::close)));
		awaitHeld(1);
		answerAll();
		get(closed);
		assertThat(took.get()).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void doesNotFlushForEverInsideACallback() {
		Producer producer = this.client.producer("orders").build();
		holdAnswers();
		CompletableFuture<Boolean> flushed = producer.send(Message.of("k", "1"))
			.thenApply((ack) -> producer.flush(Duration.ofSeconds(15)));
		CompletableFuture<Ack> second = producer.send(Message.of("k", "2"));
		awaitHeld(1);
		long start = System.nanoTime();
		answerAll();
		get(flushed);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		get(second);
	}

	@Test
	void handsMessagesWithoutAcknowledgementOverBeforeItEnds() {
		Producer producer = this.client.producer("orders").ackPolicy(AckPolicy.NONE).build();
		for (int i = 0; i < 500; i++) {
			producer.send(Message.of("k", "m" + i));
		}
		assertThat(time(producer::close)).isLessThan(Duration.ofSeconds(5));
		await().untilAsserted(() -> assertThat(this.orders.values()).hasSize(500));
	}

	@Test
	void forgetsNoMessageThatIsSentWhileItCloses() throws InterruptedException {
		for (int round = 0; round < 10; round++) {
			Producer producer = this.client.producer("orders").maxInFlight(200).build();
			List<CompletableFuture<Ack>> futures = Collections.synchronizedList(new ArrayList<>());
			Thread sender = new Thread(() -> {
				try {
					for (;;) {
						futures.add(producer.send(Message.of("k", "v")));
					}
				}
				catch (ClientClosedException ex) {
					// What this waits for.
				}
			});
			sender.start();
			if (round % 2 == 0) {
				await().until(() -> !futures.isEmpty());
			}
			producer.close(Duration.ofSeconds(5));
			sender.join(LONG.toMillis());
			await().untilAsserted(() -> assertThat(futures).allMatch(CompletableFuture::isDone));
		}
	}

}
