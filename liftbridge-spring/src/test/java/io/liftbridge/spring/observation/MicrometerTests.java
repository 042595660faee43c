package io.liftbridge.spring.observation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.BulkRequest;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerRecorder;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.event.ListenerContainerStoppedEvent;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class MicrometerTests extends EmbeddedBrokerTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countsWhatListenersDo() {
		stream(1);
		try (TestApplication app = application().listener(new Listeners())
			.bean("lag", MicrometerListenerLag.class, () -> new MicrometerListenerLag(this.registry))
			.factory((factory) -> factory.setListenerMetrics(new MicrometerListenerMetrics(this.registry)))
			.start()) {
			app.awaitRunning("single").awaitRunning("batch");
			app.template().send(this.stream, "good");
			app.template().send(this.stream, "bad");
			app.template().send(this.stream, "good");
			eventually(() -> {
				assertThat(counter("processed", "single")).isEqualTo(2);
				assertThat(counter("processed", "batch")).isEqualTo(3);
			});
			// Started again, gauges are not registered again and still know the listener.
			app.container("single").stop();
			app.container("single").start();
			app.awaitRunning("single");
			assertThat(counter("received", "single")).isEqualTo(3);
			assertThat(counter("failures", "single")).isEqualTo(3);
			assertThat(counter("retries", "single")).isEqualTo(2);
			assertThat(counter("dead.letters", "single")).isEqualTo(1);
			assertThat(counter("failures", "batch")).isZero();
			assertThat(this.registry.get("liftbridge.listener.processing").tag("listener", "single").timer().count())
				.isEqualTo(2);
			eventually(() -> assertThat(this.registry.get("liftbridge.listener.lag")
				.tag("listener", "single")
				.tag("partition", "0")
				.gauge()
				.value()).isZero());
			// Each meter has the same tag keys for whatever kind of listener.
			this.registry.getMeters()
				.stream()
				.collect(Collectors.groupingBy((meter) -> meter.getId().getName(),
						Collectors.mapping((meter) -> meter.getId().getTags().stream().map(Tag::getKey).toList(),
								Collectors.toSet())))
				.forEach((name, keys) -> assertThat(keys).as(name)
					.isEqualTo(Set.of(name.equals("liftbridge.listener.lag")
							? List.of("listener", "partition", "stream") : List.of("listener", "stream"))));
		}
	}

	@Test
	void countsWhatIsPassedOverApartFromDeadLetters() {
		stream(1);
		try (TestApplication app = application().listener(new Listeners()).factory((factory) -> {
			factory.setListenerMetrics(new MicrometerListenerMetrics(this.registry));
			factory.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(1, 0),
					(message, failure) -> CompletableFuture.completedFuture(null)));
		}).start()) {
			app.template().send(this.stream, "bad");
			eventually(() -> assertThat(counter("passed.over", "single")).isEqualTo(1));
			assertThat(counter("dead.letters", "single")).isZero();
		}
	}

	@Test
	void showsTheLagOfEachPartitionThatIsReadUntilTheContainerStops() {
		stream(1);
		try (TestApplication app = application().property("beyond", "0,7")
			.listener(new PartlyThere())
			.bean("lag", MicrometerListenerLag.class, () -> new MicrometerListenerLag(this.registry))
			.start()) {
			// Although partition 7 is not there, and the container is still starting.
			eventually(() -> assertThat(this.registry.find("liftbridge.listener.lag").gauges())
				.extracting((gauge) -> gauge.getId().getTag("partition"))
				.containsExactlyInAnyOrder("0", "7"));
			app.container("partly").stop();
			eventually(() -> assertThat(this.registry.find("liftbridge.listener.lag").gauges()).isEmpty());
			app.container("partly").start();
			eventually(() -> assertThat(this.registry.find("liftbridge.listener.lag").gauges()).hasSize(2));
		}
	}

	@Test
	void countsPartitionsThatMoveAfterTheStart() {
		MicrometerListenerRebalances rebalances = new MicrometerListenerRebalances(this.registry);
		rebalances.onApplicationEvent(new ListenerPartitionsAssignedEvent(this, "one", "orders", List.of(0, 1)));
		assertThat(moved("assigned")).isZero();
		assertThat(moved("revoked")).isZero();
		rebalances.onApplicationEvent(new ListenerPartitionsAssignedEvent(this, "one", "orders", List.of(2)));
		rebalances
			.onApplicationEvent(new ListenerPartitionsRevokedEvent(this, "one", "orders", List.of(0, 2), "taken"));
		assertThat(moved("assigned")).isEqualTo(1);
		assertThat(moved("revoked")).isEqualTo(2);
		rebalances.onApplicationEvent(new ListenerContainerStoppedEvent(this, "one"));
		rebalances.onApplicationEvent(new ListenerPartitionsAssignedEvent(this, "one", "orders", List.of(0, 1)));
		assertThat(moved("assigned")).as("the first ones after a start").isEqualTo(1);
	}

	private double moved(String change) {
		return this.registry.get("liftbridge.listener.rebalances").tag("change", change).counter().count();
	}

	@Test
	void keepsNeitherProducersNorMetersOfStreamsThatDoNotExist() {
		stream(1);
		try (LiftbridgeClient client = metered()) {
			DefaultProducerFactory factory = new DefaultProducerFactory(client);
			LiftbridgeTemplate template = new LiftbridgeTemplate(client, factory);
			for (int i = 0; i < 5; i++) {
				assertThat(template.send(this.stream + ".no" + i, "x")).failsWithin(Duration.ofSeconds(20))
					.withThrowableThat()
					.withCauseInstanceOf(StreamNotFoundException.class);
			}
			template.send(this.stream, "x").join();
			assertThat(factory.producers()).containsOnlyKeys(this.stream);
			eventually(() -> assertThat(this.registry.find("liftbridge.producer.sent").counters())
				.extracting((counter) -> counter.getId().getTag("stream"))
				.containsExactly(this.stream));
			assertThat(this.registry.get("liftbridge.producer.failed").counters()).singleElement()
				.satisfies((counter) -> assertThat(counter.getId().getTag("reason")).isEqualTo("StreamNotFound"));
			assertThat(this.registry.get("liftbridge.producer.failed").tag("stream", "unknown").counter().count())
				.isEqualTo(5);
			// One that is created later is found.
			broker.createStream(this.stream + ".no1", 1);
			template.send(this.stream + ".no1", "x").join();
			factory.destroy();
			assertThat(factory.producers()).isEmpty();
		}
		assertThat(this.registry.get("liftbridge.producer.acked").counters())
			.extracting((counter) -> counter.getId().getTag("stream"))
			.containsExactlyInAnyOrder(this.stream, this.stream + ".no1");
	}

	@Test
	void countsWhatProducersDo() {
		stream(1);
		try (LiftbridgeClient client = metered()) {
			DefaultProducerFactory factory = new DefaultProducerFactory(client);
			LiftbridgeTemplate template = new LiftbridgeTemplate(client, factory);
			template.send(this.stream, "a").join();
			template.send(this.stream, new byte[2 << 20]).exceptionally((ex) -> null).join();
			assertThat(producer("sent").tag("producer", "none").counter().count()).isEqualTo(1);
			assertThat(producer("acked").counter().count()).isEqualTo(1);
			assertThat(producer("failed").tag("reason", "MessageTooLarge").counter().count()).isEqualTo(1);
			assertThat(producer("in.flight").gauge().value()).isZero();
			assertThat(producer("ack").timer().count()).isEqualTo(1);
			assertThat(producer("ack").timer().totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(producer("blocked").timer().count()).isZero();
			factory.destroy();
			assertThat(producer("acked").counter().count()).as("seen after it is closed").isEqualTo(1);
		}
	}

	@Test
	void countersGoOnWithTheNextProducerOfTheStream() {
		stream(1);
		try (LiftbridgeClient client = metered()) {
			for (int i = 1; i < 4; i++) {
				client.publishBulk(List.of(BulkRequest.of(this.stream, Message.of("k", "v")),
						BulkRequest.of(this.stream, Message.of(new byte[2 << 20]))))
					.run();
				assertThat(producer("acked").counter().count()).isEqualTo(i);
				assertThat(producer("failed").counter().count()).isEqualTo(i);
			}
		}
		assertThat(producer("acked").counter().count()).isEqualTo(3);
		assertThat(producer("sent").counter().count()).isEqualTo(3);
		assertThat(producer("ack").timer().count()).isEqualTo(3);
		assertThat(producer("failed").tag("reason", "MessageTooLarge").counter().count()).isEqualTo(3);
		assertThat(producer("in.flight").gauge().value()).isZero();
	}

	@Test
	void keepsTheMetersOfSomeStreamsThatHaveNoProducerAnyMore() {
		MicrometerProducerMetrics metrics = new MicrometerProducerMetrics(this.registry);
		ProducerRecorder first = metrics.open("first", "", () -> 1);
		for (int i = 0; i < 1000; i++) {
			ProducerRecorder recorder = metrics.open("stream" + i, "", () -> 0);
			recorder.acked(1);
			recorder.failed(1, new LiftbridgeException("no", null, LiftbridgeException.Outcome.NOT_SENT));
			recorder.closed();
			recorder.closed();
		}
		metrics.open("unused", "", () -> 0).closed();
		assertThat(this.registry.get("liftbridge.producer.acked").counters()).hasSize(251)
			.extracting((counter) -> counter.getId().getTag("stream"))
			.contains("first", "stream750", "stream999")
			.doesNotContain("stream749", "unused");
		assertThat(this.registry.get("liftbridge.producer.failed").counters()).hasSize(250);
		assertThat(this.registry.get("liftbridge.producer.in.flight").tag("stream", "first").gauge().value())
			.isEqualTo(1);
		first.closed();
		assertThat(this.registry.find("liftbridge.producer.acked").tag("stream", "first").counter()).isNull();
	}

	@Test
	void countsBatchesEntriesAndSendersThatWait() {
		stream(1);
		try (LiftbridgeClient client = metered()) {
			Producer one = client.producer(this.stream)
				.name("one")
				.batch(BatchSize.fixed(4))
				.batchEntries(4)
				.compression(Compression.GZIP)
				.build();
			Producer same = client.producer(this.stream).name("one").maxInFlight(1).build();
			one.sendBatch(IntStream.range(0, 8).mapToObj((i) -> Message.of("k", "value;".repeat(200))).toList());
			one.flush();
			assertThat(producer("batch.size").tag("producer", "one").summary().count()).isEqualTo(2);
			assertThat(producer("batch.size").summary().max()).isEqualTo(4);
			assertThat(producer("entry.compression.ratio").summary().count()).isEqualTo(2);
			assertThat(producer("entry.compression.ratio").summary().mean()).isGreaterThan(5);
			eventually(() -> {
				same.send(Message.of("k", "v"));
				same.send(Message.of("k", "v"));
				assertThat(producer("blocked").timer().count()).isPositive();
			});
			same.flush();
			double sent = producer("sent").counter().count();
			assertThat(producer("acked").counter().count()).isEqualTo(sent);
			one.close();
			assertThat(producer("sent").counter().count()).as("the other one is open").isEqualTo(sent);
			assertThat(producer("in.flight").gauge().value()).isZero();
			same.close();
			assertThat(producer("sent").counter().count()).as("none is open").isEqualTo(sent);
		}
	}

	private LiftbridgeClient metered() {
		return LiftbridgeClient.builder()
			.seeds(broker.address())
			.producerMetrics(new MicrometerProducerMetrics(this.registry))
			.build();
	}

	private RequiredSearch producer(String name) {
		return this.registry.get("liftbridge.producer." + name).tag("stream", this.stream);
	}

	private double counter(String name, String listener) {
		return this.registry.get("liftbridge.listener." + name).tag("listener", listener).counter().count();
	}

	static class PartlyThere {

		@LiftbridgeListener(id = "partly", streams = "${in}", partitions = "${beyond}")
		void on(String text) {
		}

	}

	static class Listeners {

		@LiftbridgeListener(id = "single", streams = "${in}")
		void single(String text) {
			if (text.equals("bad")) {
				throw new IllegalStateException("bad");
			}
		}

		@LiftbridgeListener(id = "batch", streams = "${in}", batch = "true")
		void batch(List<String> texts) {
		}

	}

}
