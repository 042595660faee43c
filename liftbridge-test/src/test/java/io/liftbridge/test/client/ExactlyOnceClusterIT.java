package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever happens to the leader of a replicated partition, messages of an idempotent
 * producer are stored once and in order.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class ExactlyOnceClusterIT extends ReplicatedStreamTest {

	private static final Duration LONG = Duration.ofSeconds(90);

	private static final int SOME = 300;

	private final List<CompletableFuture<Ack>> futures = Collections.synchronizedList(new ArrayList<>());

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	ExactlyOnceClusterIT() {
		super(LONG);
	}

	@Override
	StreamSpec describe(StreamSpec spec) {
		return spec.optimisticConcurrency(true);
	}

	@Test
	void aLeaderIsKilledAgainAndAgain() throws Exception {
		during(() -> {
			for (int times = 0; times < 2; times++) {
				LiftbridgeServer leader = leader();
				leader.kill();
				awaitAcknowledged(SOME);
				assertThat(leader()).isNotEqualTo(leader);
				leader.start();
				awaitInSync();
				awaitAcknowledged(SOME);
			}
		});
	}

	@Test
	void aLeaderHangsAndGoesOn() throws Exception {
		during(() -> {
			LiftbridgeServer leader = leader();
			leader.pause();
			awaitAcknowledged(SOME);
			leader.resume();
			awaitAcknowledged(SOME);
		});
	}

	/** Publishes and reads all the time. */
	private void during(MessageFlow.Action action) throws Exception {
		List<String> received = Collections.synchronizedList(new ArrayList<>());
		AtomicBoolean running = new AtomicBoolean(true);
		try (Producer producer = this.client.producer(this.stream)
			.idempotence(true)
			.ackTimeout(LONG)
			.enqueueTimeout(LONG)
			.maxInFlight(100)
			.build();
				Subscription subscription = this.client.subscribe(this.stream)
					.from(StartPosition.earliest())
					.handler((message) -> received.add(message.text()))
					.start()) {
			Thread sender = new Thread(() -> {
				while (running.get() && this.failures.isEmpty()) {
					send(producer);
				}
			});
			sender.start();
			try {
				awaitAcknowledged(SOME);
				action.run();
			}
			finally {
				running.set(false);
				sender.join();
			}
			List<Long> offsets = new ArrayList<>();
			for (CompletableFuture<Ack> future : this.futures) {
				offsets.add(future.get(LONG.toSeconds(), TimeUnit.SECONDS).offset());
			}
			assertThat(offsets).isEqualTo(LongStream.range(0, offsets.size()).boxed().toList());
			List<String> sent = LongStream.range(0, offsets.size()).mapToObj((i) -> "m" + i).toList();
			assertThat(stored()).isEqualTo(sent);
			await().atMost(LONG).until(() -> received.size() >= sent.size());
			assertThat(received).isEqualTo(sent);
			assertThat(subscription.isLive()).isTrue();
		}
	}

	private void send(Producer producer) {
		try {
			CompletableFuture<Ack> future = producer.send(Message.of("k", "m" + this.futures.size()));
			future.exceptionally((failure) -> {
				this.failures.add(failure);
				return null;
			});
			this.futures.add(future);
		}
		catch (RuntimeException ex) {
			this.failures.add(ex);
		}
	}

	private void awaitAcknowledged(int more) {
		int before = this.futures.size();
		await().atMost(LONG)
			.until(() -> !this.failures.isEmpty()
					|| (this.futures.size() > before + more && this.futures.get(before + more).isDone()));
		assertThat(this.failures).isEmpty();
	}

	private List<String> stored() {
		return this.client.consumer(this.stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()
			.stream()
			.map(ReceivedMessage::text)
			.toList();
	}

}
