package io.liftbridge.test.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Whatever breaks and whenever, messages of an idempotent producer are stored once and in
 * order.
 */
abstract class ExactlyOnceScenarios extends BrokerScenarios {

	private static final int MESSAGES = 8;

	private static final int CUTS = 12;

	/** As many frames may pass more when something is repeated. */
	private static final int MARGIN = 3;

	private String controlled() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream).optimisticConcurrency(true));
		return stream;
	}

	private static LiftbridgeClient through(FrameRelay relay) {
		return LiftbridgeClient.builder()
			.seeds("127.0.0.1:" + relay.port())
			.addressResolver((advertised) -> new Address("127.0.0.1", relay.port()))
			.build();
	}

	private List<String> stored(String stream) {
		return this.client.consumer(stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()
			.stream()
			.map(ReceivedMessage::text)
			.toList();
	}

	private static List<String> names(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private static List<Long> offsets(List<CompletableFuture<Ack>> futures) {
		return futures.stream()
			.map((future) -> future.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join().offset())
			.toList();
	}

	/** The exchange that is disturbed: one message, then several at once. */
	private static void exchange(LiftbridgeClient through, String stream) {
		try (Producer producer = through.producer(stream).idempotence(true).build()) {
			List<CompletableFuture<Ack>> futures = new ArrayList<>();
			futures.add(producer.send(Message.of("k", "m0")));
			producer.flush();
			names(MESSAGES).stream().skip(1).forEach((value) -> futures.add(producer.send(Message.of("k", value))));
			assertThat(offsets(futures)).containsExactlyElementsOf(LongStream.range(0, MESSAGES).boxed().toList());
		}
	}

	private int disturb(FrameRelay.Way way, int frames) throws IOException {
		String stream = controlled();
		try (FrameRelay relay = new FrameRelay(this.broker.address())) {
			relay.cutAfter(way, frames);
			try (LiftbridgeClient through = through(relay)) {
				exchange(through, stream);
			}
			assertThat(stored(stream)).as("cut after frame %d %s", frames, way)
				.containsExactlyElementsOf(names(MESSAGES));
			return relay.passed(way);
		}
	}

	@ParameterizedTest
	@EnumSource
	void theConnectionMayBreakAtEachPointOfTheExchange(FrameRelay.Way way) throws IOException {
		int all = disturb(way, -1);
		for (int frames = 0; frames <= all + MARGIN; frames++) {
			disturb(way, frames);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void theConnectionMayBreakAgainAndAgain(long seed) throws IOException {
		String stream = controlled();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		try (FrameRelay relay = new FrameRelay(this.broker.address()); LiftbridgeClient through = through(relay)) {
			relay.cutAtRandom(new Random(seed), CUTS);
			ProducerBuilder builder = through.producer(stream).idempotence(true).maxInFlight(100);
			try (Producer producer = (seed == 2) ? builder.batch(BatchSize.adaptive()).build() : builder.build()) {
				while (relay.cuts() < CUTS) {
					futures.add(producer.send(Message.of("k", "m" + futures.size())));
				}
				assertThat(offsets(futures))
					.containsExactlyElementsOf(LongStream.range(0, futures.size()).boxed().toList());
			}
		}
		assertThat(stored(stream)).containsExactlyElementsOf(names(futures.size()));
	}

	@Test
	void theBrokerMayDieAndComeBack() throws Exception {
		String stream = controlled();
		List<String> sent = Collections.synchronizedList(new ArrayList<>());
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		List<CompletableFuture<Ack>> futures = Collections.synchronizedList(new ArrayList<>());
		AtomicBoolean running = new AtomicBoolean(true);
		try (Producer producer = this.client.producer(stream).idempotence(true).maxInFlight(200).build()) {
			Thread sender = new Thread(() -> {
				try {
					for (int i = 0; running.get(); i++) {
						futures.add(producer.send(Message.of("k", "m" + i)));
						sent.add("m" + i);
					}
				}
				catch (RuntimeException ex) {
					failures.add(ex);
				}
			});
			sender.start();
			for (int times = 1; times <= 2; times++) {
				awaitMore(futures, 500);
				this.broker.crash();
				this.broker.restart();
			}
			awaitMore(futures, 500);
			running.set(false);
			sender.join();
			assertThat(failures).isEmpty();
			assertThat(offsets(futures)).isEqualTo(LongStream.range(0, sent.size()).boxed().toList());
		}
		assertThat(stored(stream)).isEqualTo(sent);
	}

	private static void awaitMore(List<CompletableFuture<Ack>> futures, int more) {
		int before = futures.size();
		await().atMost(LONG).until(() -> {
			List<CompletableFuture<Ack>> present = List.copyOf(futures);
			return present.size() > before + more && present.get(before + more).isDone();
		});
	}

	@Test
	void anotherWriterIsReported() {
		String stream = controlled();
		try (Producer producer = this.client.producer(stream).idempotence(true).build();
				Producer other = this.client.producer(stream).build()) {
			producer.sendAndWait(Message.of("k", "mine"), LONG);
			other.sendAndWait(Message.of("k", "foreign"), LONG);
			assertThatThrownBy(() -> producer.sendAndWait(Message.of("k", "mine too"), LONG))
				.isInstanceOf(IncorrectOffsetException.class)
				.hasMessageContaining("at offset 1");
		}
		assertThat(stored(stream)).containsExactly("mine", "foreign");
	}

	@Test
	void aStreamWithoutConcurrencyControlIsNamed() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream));
		try (Producer producer = this.client.producer(stream).idempotence(true).build()) {
			assertThatThrownBy(() -> producer.sendAndWait(Message.of("k", "v"), LONG))
				.hasMessageContaining("no optimistic concurrency control");
		}
	}

	@Test
	void aPartitionThatIsPausedIsResumed() {
		String stream = controlled();
		try (Producer producer = this.client.producer(stream).idempotence(true).build()) {
			producer.sendAndWait(Message.of("k", "a"), LONG);
			this.client.streams().pause(stream, false);
			assertThat(producer.sendAndWait(Message.of("k", "b"), LONG).offset()).isEqualTo(1);
		}
		this.client.streams().pause(stream, false);
		try (Producer producer = this.client.producer(stream).idempotence(true).build()) {
			assertThat(producer.sendAndWait(Message.of("k", "c"), LONG).offset()).isEqualTo(2);
		}
	}

}
