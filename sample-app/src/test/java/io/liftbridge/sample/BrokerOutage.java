package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.liftbridge.spring.core.LiftbridgeTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What has to hold when the broker is killed under the running application, whichever
 * broker it is.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.limits.[test.limited]=10")
@DirtiesContext
abstract class BrokerOutage {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	@LocalServerPort
	private int port;

	@Autowired
	private LiftbridgeTemplate liftbridge;

	@Autowired
	private JdbcTemplate jdbc;

	private Api api;

	abstract String brokerAddress();

	abstract void killBroker();

	abstract void startBroker();

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
		await().atMost(PATIENCE).until(() -> status().equals("UP"));
	}

	@Test
	void everythingGoesOnAfterTheBrokerWasKilled() throws Exception {
		Map<String, Double> acknowledged = new ConcurrentHashMap<>();
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publishUntil(done, acknowledged));
		try {
			await().atMost(PATIENCE).until(() -> acknowledged.size() > 200);

			killBroker();
			await().atMost(PATIENCE).until(() -> status().equals("DOWN"));
			JsonNode down = this.api.get("/actuator/health").json().at("/components/liftbridge/details");
			assertThat(down.path("brokers").toString()).contains("DOWN since");
			assertAwayIsTold();

			startBroker();
			int before = acknowledged.size();
			await().atMost(PATIENCE).until(() -> status().equals("UP"));
			await().atMost(PATIENCE).until(() -> acknowledged.size() > before + 200);
		}
		finally {
			done.set(true);
		}
		publisher.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(stored()).containsAllEntriesOf(Map.copyOf(acknowledged)));
		assertListenersGoOn();
	}

	/** Publishes distinct values, and notes the place of each that is acknowledged. */
	private void publishUntil(AtomicBoolean done, Map<String, Double> acknowledged) {
		for (int count = 1; !done.get(); count++) {
			double value = count;
			Reading reading = new Reading("outage." + (count % 7), value, null);
			this.liftbridge.send("readings", reading.metric(), reading)
				.thenAccept((ack) -> acknowledged.put(ack.partition() + "@" + ack.offset(), value));
			LockSupport.parkNanos(2_000_000);
		}
	}

	private Map<String, Double> stored() {
		Map<String, Double> stored = new HashMap<>();
		this.jdbc.query("select partition_id, message_offset, amount from reading where metric like 'outage.%'",
				(RowCallbackHandler) (row) -> stored.put(row.getInt(1) + "@" + row.getLong(2), row.getDouble(3)));
		return stored;
	}

	private void assertAwayIsTold() {
		Instant start = Instant.now();
		Api.Answer publish = this.api.publish("/api/streams/readings/messages", "x");
		Api.Answer list = this.api.get("/api/streams");
		Api.Answer read = this.api.get("/api/streams/readings/messages");
		assertThat(List.of(publish.status(), list.status(), read.status())).containsOnly(503);
		assertThat(publish.detail() + list.detail() + read.detail()).contains(brokerAddress());
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
		assertThat(this.api.get("/").status()).isEqualTo(200);
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
