package io.liftbridge.spring.sink;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.CapturedLog;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.listener.delivery.ListenerFailure;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.observation.MicrometerListenerObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BulkSinkTests extends EmbeddedBrokerTest {

	private final RecordingWriter writer = new RecordingWriter();

	private final SinkProperties properties = new SinkProperties();

	private final List<String> deadLetters = Collections.synchronizedList(new ArrayList<>());

	private TestApplication application;

	private BulkSink sink;

	@BeforeEach
	void open() {
		this.properties.setWaitTime(Duration.ofMillis(200));
		this.properties.setMaxRecoveryPause(Duration.ofMillis(50));
		this.application = application().start();
	}

	@AfterEach
	void close() {
		this.writer.held = false;
		this.writer.permits.release(1000);
		if (this.sink != null) {
			this.sink.stop();
		}
		this.application.close();
	}

	@Test
	void writesFullBatchesAndTheRestAfterAWhile() {
		stream(1);
		this.properties.setBatchSize(100);
		send(250);
		start();
		eventually(() -> assertThat(this.writer.written()).hasSize(250));
		assertThat(this.writer.written()).containsExactlyElementsOf(texts(250));
		assertThat(this.writer.batches).extracting(List::size).allMatch((size) -> size <= 100).contains(100);
		eventually(() -> assertThat(this.application.cursor("sink", this.stream, 0)).isEqualTo(249));
		eventually(() -> assertThat(this.sink.status()).isEqualTo(new SinkStatus(0, 250, 0, null)));
	}

	/** A list is taken long before its messages are written. */
	@Test
	void takingMessagesIsNoCallOfAListener() {
		stream(1);
		ObservationRegistry registry = TestObservationRegistry.create();
		List<Observation.Context> calls = Collections.synchronizedList(new ArrayList<>());
		registry.observationConfig().observationHandler((context) -> calls.add(context));
		this.application.factory().setListenerObserver(new MicrometerListenerObserver(registry));
		send(3);
		start();
		eventually(() -> assertThat(this.writer.written()).hasSize(3));
		assertThat(calls).isEmpty();
	}

	@Test
	void keepsTheOrderOfEachPartitionAndWorksSeveralAtOnce() {
		stream(3);
		this.properties.setBatchSize(10);
		sendInTurn(300, 3);
		start();
		for (int partition = 0; partition < 3; partition++) {
			int own = partition;
			eventually(() -> assertThat(this.writer.written().stream().filter((text) -> number(text) % 3 == own))
				.containsExactlyElementsOf(stored(own)));
		}
	}

	/** Under load a message may be sent twice, and is stored twice then. */
	private List<String> stored(int partition) {
		return this.application.messages(this.stream, partition).stream().map(ReceivedMessage::text).toList();
	}

	private void sendInTurn(int count, int partitions) {
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			acks.add(this.application.template()
				.newMessage("m" + i)
				.stream(this.stream)
				.partition(i % partitions)
				.send());
		}
		acks.forEach(CompletableFuture::join);
	}

	private static int number(String text) {
		return Integer.parseInt(text.substring(1));
	}

	@Test
	void readsNoMoreThanFitsInMemory() {
		stream(1);
		this.properties.setBatchSize(10);
		this.properties.setBufferMessages(50);
		this.writer.held = true;
		send(500);
		start();
		// Messages are taken as they were fetched together, ten at the most.
		eventually(() -> assertThat(this.sink.status().buffered()).isBetween(31, 50));
		this.writer.permits.release(3);
		eventually(() -> assertThat(this.writer.written()).hasSize(30));
		assertThat(this.sink.status().buffered()).isLessThanOrEqualTo(50);
		this.writer.held = false;
		this.writer.permits.release(1);
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(texts(500)));
	}

	@Test
	void waitsForADatabaseThatIsAwayAndLosesNothing() {
		stream(1);
		this.writer.away = true;
		send(20);
		start();
		eventually(() -> assertThat(this.sink.status().lastError()).contains("away"));
		assertThat(this.application.cursor("sink", this.stream, 0)).isEqualTo(-1);
		this.writer.away = false;
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(texts(20)));
		eventually(() -> assertThat(this.sink.status().lastError()).isNull());
	}

	@Test
	void whatCannotBeWrittenIsToldLikeWhatAListenerFailsOn() {
		stream(1);
		this.writer.away = true;
		send(20);
		try (CapturedLog log = CapturedLog.of(PartitionQueue.class)) {
			start();
			eventually(() -> assertThat(this.sink.container().partitions()).singleElement().satisfies((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.RETRYING);
				assertThat(status.lastError()).isEqualTo("IllegalStateException: away");
				assertThat(status.position()).isEqualTo(-1);
			}));
			// Not once and never again.
			eventually(() -> assertThat(log.lines(Level.WARN)).hasSizeGreaterThan(2)
				.anyMatch((line) -> line.contains("cannot write and tries again"))
				.anyMatch((line) -> line.contains("still cannot write, since ") && line.endsWith("away")));
			assertThat(this.sink.container().partitions().get(0).since()).isBefore(Instant.now());
		}
		this.writer.away = false;
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(texts(20)));
		eventually(() -> assertThat(this.sink.container().partitions()).singleElement().satisfies((status) -> {
			assertThat(status.state()).isEqualTo(PartitionState.LIVE);
			assertThat(status.lastError()).isNull();
			assertThat(status.position()).isEqualTo(19);
		}));
	}

	@Test
	void aPartitionThatCannotBeWrittenHoldsUpNoOtherAndIsNotReadFarAhead() {
		stream(2);
		this.properties.setBatchSize(10);
		this.properties.setBatchesPerPartition(3);
		this.writer.awayPartition = 0;
		sendInTurn(200, 2);
		start();
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(stored(1)));
		eventually(() -> assertThat(this.sink.status().buffered()).isBetween(20, 30));
		this.writer.awayPartition = -1;
		eventually(() -> assertThat(this.writer.written()).hasSize(stored(0).size() + stored(1).size()));
	}

	@Test
	void noMoreBatchesThanWorkersAreWrittenAtTheSameTime() {
		stream(4);
		this.properties.setWorkers(2);
		this.writer.held = true;
		sendInTurn(40, 4);
		start();
		eventually(() -> assertThat(this.sink.status().buffered()).isGreaterThanOrEqualTo(40));
		eventually(() -> assertThat(this.writer.permits.getQueueLength()).isEqualTo(2));
		await().during(Duration.ofMillis(600)).until(() -> this.writer.permits.getQueueLength() <= 2);
		this.writer.held = false;
		this.writer.permits.release(2);
		eventually(() -> assertThat(this.writer.written()).hasSizeGreaterThanOrEqualTo(40));
	}

	@Test
	void theTimeCountsFromTheFirstMessageOfABatch() {
		stream(1);
		this.properties.setWaitTime(Duration.ofSeconds(1));
		start();
		// A time that began anew with each message would never be over.
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).until(() -> {
			this.application.template().send(this.stream, "m").join();
			return !this.writer.written().isEmpty();
		});
	}

	@Test
	void aFullBatchDoesNotWait() {
		stream(1);
		this.properties.setWaitTime(Duration.ofMinutes(5));
		this.properties.setBatchSize(10);
		send(9);
		start();
		eventually(() -> assertThat(this.sink.status().buffered()).isEqualTo(9));
		assertThat(this.writer.written()).isEmpty();
		this.application.template().send(this.stream, "m9").join();
		eventually(() -> assertThat(this.writer.batches).containsExactly(texts(10)));
	}

	@Test
	void noMoreBytesThanFitAreRead() {
		stream(1);
		this.properties.setBatchSize(10);
		// Each has two or three bytes and what an object takes.
		this.properties.setBufferBytes(10 * 210);
		this.writer.held = true;
		send(100);
		start();
		eventually(() -> assertThat(this.sink.status().buffered()).isPositive());
		await().during(Duration.ofMillis(500)).until(() -> this.sink.status().buffered() <= 10);
		this.writer.held = false;
		this.writer.permits.release(1);
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(texts(100)));
	}

	@Test
	void aSinkThatIsNotToStartWithTheApplicationDoesNot() {
		stream(1);
		start();
		assertThat(this.sink.isAutoStartup()).isTrue();
		ContainerProperties listening = new ContainerProperties(this.application.factory().getContainerProperties());
		listening.setStreams(List.of(this.stream));
		listening.setAutoStartup(false);
		BulkSink later = new BulkSinkFactory(this.application.client(), this.application.factory()).create("later",
				listening, this.writer);
		assertThat(later.isAutoStartup()).isFalse();
	}

	@Test
	void findsPoisonAndWritesTheRest() {
		stream(1);
		this.writer.poison = List.of("m0", "m17", "m18", "m63")::contains;
		send(64);
		start();
		eventually(() -> assertThat(this.sink.status()).isEqualTo(new SinkStatus(0, 60, 4, null)));
		List<String> rest = new ArrayList<>(texts(64));
		rest.removeAll(List.of("m0", "m17", "m18", "m63"));
		assertThat(this.writer.written()).containsExactlyElementsOf(rest);
		assertThat(this.deadLetters).containsExactly("m0", "m17", "m18", "m63");
		eventually(() -> assertThat(this.application.cursor("sink", this.stream, 0)).isEqualTo(63));
	}

	@Test
	void stopsAfterWritingWhatIsInMemoryAndGoesOnBehindItLater() {
		stream(1);
		this.properties.setWaitTime(Duration.ofMinutes(5));
		send(30);
		start();
		eventually(() -> assertThat(this.sink.status().buffered()).isEqualTo(30));
		this.sink.stop();
		assertThat(this.writer.written()).containsExactlyElementsOf(texts(30));
		assertThat(this.application.cursor("sink", this.stream, 0)).isEqualTo(29);
		this.application.template().send(this.stream, "m30").join();
		this.sink.start();
		eventually(() -> assertThat(this.sink.status().buffered()).isEqualTo(1));
		this.sink.stop();
		assertThat(this.writer.written()).containsExactlyElementsOf(texts(31));
	}

	@Test
	void stopsInTimeWhileNothingCanBeWritten() {
		stream(1);
		this.properties.setShutdownTimeout(Duration.ofMillis(300));
		this.writer.away = true;
		send(10);
		start();
		eventually(() -> assertThat(this.sink.status().lastError()).contains("away"));
		long begin = System.nanoTime();
		this.sink.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
		this.writer.away = false;
		this.sink.start();
		eventually(() -> assertThat(this.writer.written()).containsExactlyElementsOf(texts(10)));
	}

	@Test
	void poisonIsNotTriedAgainOverARetryStream() {
		stream(1);
		this.writer.poison = "m1"::equals;
		send(3);
		List<String> retried = Collections.synchronizedList(new ArrayList<>());
		start(new Recoverer() {
			@Override
			public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
				retried.add(message.text());
				return CompletableFuture.completedFuture(null);
			}

			@Override
			public CompletableFuture<?> recoverFatal(ReceivedMessage<byte[]> message, ListenerFailure failure) {
				BulkSinkTests.this.deadLetters.add(message.text());
				return CompletableFuture.completedFuture(null);
			}
		});
		eventually(() -> assertThat(this.writer.written()).containsExactly("m0", "m2"));
		assertThat(this.deadLetters).containsExactly("m1");
		assertThat(retried).isEmpty();
	}

	private void start() {
		start((message, failure) -> {
			this.deadLetters.add(message.text());
			return CompletableFuture.completedFuture(null);
		});
	}

	private void start(Recoverer recoverer) {
		ContainerProperties listening = new ContainerProperties(this.application.factory().getContainerProperties());
		listening.setStreams(List.of(this.stream));
		listening.setStartPosition(StartPosition::earliest);
		listening.setCursorInterval(Duration.ofMillis(10));
		this.sink = new BulkSink("sink", this.application.factory(), listening, this.properties, this.writer,
				recoverer);
		this.sink.start();
	}

	private void send(int count) {
		this.application.template().sendAll(this.stream, texts(count)).forEach((result) -> {
		});
	}

	private static List<String> texts(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

}
