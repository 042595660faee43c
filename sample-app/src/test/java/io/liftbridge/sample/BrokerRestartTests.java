package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Ack;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.limits.[test.limited]=10")
@DirtiesContext
class BrokerRestartTests {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	@LocalServerPort
	private int port;

	@Autowired
	private EmbeddedBroker broker;

	@Autowired
	private LiftbridgeTemplate liftbridge;

	@Autowired
	private JdbcTemplate jdbc;

	private Api api;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
		await().atMost(PATIENCE).until(() -> status().equals("UP"));
	}

	@Test
	void everythingGoesOnAfterTheBrokerWasKilled() throws Exception {
		List<Ack> acks = new CopyOnWriteArrayList<>();
		AtomicBoolean done = new AtomicBoolean();
		Thread publisher = new Thread(() -> {
			int count = 0;
			while (!done.get()) {
				count++;
				this.liftbridge
					.send("readings", "restart." + (count % 7), new Reading("restart." + (count % 7), count, null))
					.thenAccept(acks::add);
				LockSupport.parkNanos(2_000_000);
			}
		});
		publisher.start();
		await().atMost(PATIENCE).until(() -> acks.size() > 200);

		this.broker.stop();
		await().atMost(PATIENCE).until(() -> status().equals("DOWN"));
		JsonNode down = this.api.get("/actuator/health").json().at("/components/liftbridge/details");
		assertThat(down.path("brokers").toString()).contains("DOWN since");
		assertAwayIsTold();

		this.broker.restart();
		int before = acks.size();
		await().atMost(PATIENCE).until(() -> status().equals("UP"));
		await().atMost(PATIENCE).until(() -> acks.size() > before + 200);
		done.set(true);
		publisher.join();
		assertNothingAcknowledgedIsMissing(List.copyOf(acks));
		assertListenersGoOn();
	}

	private void assertAwayIsTold() {
		Instant start = Instant.now();
		Api.Answer publish = this.api.publish("/api/streams/readings/messages", "x");
		Api.Answer list = this.api.get("/api/streams");
		Api.Answer read = this.api.get("/api/streams/readings/messages");
		assertThat(List.of(publish.status(), list.status(), read.status())).containsOnly(503);
		assertThat(publish.detail() + list.detail() + read.detail()).contains(this.broker.address());
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
		assertThat(this.api.get("/").status()).isEqualTo(200);
	}

	private void assertNothingAcknowledgedIsMissing(List<Ack> acks) {
		await().atMost(PATIENCE)
			.until(() -> IntStream.range(0, 4)
				.allMatch((partition) -> stored(partition, acks) == count(partition, acks)));
	}

	private static long count(int partition, List<Ack> acks) {
		return acks.stream().filter((ack) -> ack.partition() == partition).map(Ack::offset).distinct().count();
	}

	private long stored(int partition, List<Ack> acks) {
		List<Long> offsets = this.jdbc.queryForList(
				"select message_offset from reading where partition_id = ? and metric like 'restart.%'", Long.class,
				partition);
		return acks.stream()
			.filter((ack) -> ack.partition() == partition)
			.map(Ack::offset)
			.distinct()
			.filter(new HashSet<>(offsets)::contains)
			.count();
	}

	private void assertListenersGoOn() {
		try (EventStream events = this.api.events()) {
			await().atMost(PATIENCE)
				.until(() -> events.named("reading")
					.anyMatch((event) -> event.at("/data/metric").asString().equals("cpu.system")));
			Api.Answer poison = this.api.publish("/api/streams/readings/messages?key=k", "poison");
			assertThat(poison.status()).isEqualTo(201);
			this.api.publish("/api/streams/readings/messages?key=k", "{\"metric\":\"test.limited\",\"value\":0}");
			this.api.publish("/api/streams/readings/messages?key=k", "{\"metric\":\"test.limited\",\"value\":11}");
			await().atMost(PATIENCE).until(() -> events.named("dead-letter").count() >= 1);
			await().atMost(PATIENCE)
				.until(() -> events.named("alert")
					.anyMatch((event) -> event.at("/data/metric").asString().equals("test.limited")));
		}
	}

	private String status() {
		return this.api.get("/actuator/health").json().at("/components/liftbridge/status").asString();
	}

}
