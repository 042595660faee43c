package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.limits.[test.limited]=10")
class LivePageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@LocalServerPort
	private int port;

	@Autowired
	private JdbcTemplate jdbc;

	private Api api;

	private EventStream events;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
		this.events = this.api.events();
		await().atMost(PATIENCE).until(() -> this.events.named("snapshot").count() == 1);
	}

	@AfterEach
	void close() {
		this.events.close();
	}

	@Test
	void readingsOfThisMachineArriveFiveTimesASecond() {
		await().atMost(PATIENCE).until(() -> values("memory.heap") >= 20);
		assertThat(heap(0).at("/data/value").asDouble()).isPositive();
		// Most of them: a machine that pauses sends what it has missed at once.
		List<Duration> pauses = IntStream.range(1, 20)
			.mapToObj((i) -> Duration.between(at(i - 1), at(i)))
			.sorted()
			.toList();
		assertThat(pauses.get(pauses.size() / 2)).isBetween(Duration.ofMillis(100), Duration.ofMillis(500));
	}

	@Test
	void pageThatOpensLaterIsShownWhatWasBefore() {
		await().atMost(PATIENCE).until(() -> values("threads.live") >= 3);
		try (EventStream later = this.api.events()) {
			await().atMost(PATIENCE).until(() -> later.named("snapshot").count() == 1);
			JsonNode snapshot = later.named("snapshot").findFirst().orElseThrow();
			assertThat(snapshot.path("readings")).hasSizeGreaterThan(20);
		}
	}

	@Test
	void statusTellsBrokersAndStreams() {
		await().atMost(PATIENCE).until(() -> this.events.named("status").count() >= 2);
		JsonNode status = this.events.named("status").findFirst().orElseThrow();
		assertThat(status.at("/brokers/0/state").asString()).isEqualTo("UP");
		assertThat(status.path("problem").isNull()).isTrue();
		assertThat(status.path("streams")).hasSize(3);
	}

	@Test
	void historyIsStored() {
		JsonNode place = publish("{\"metric\":\"test.stored\",\"value\":42.5}");
		await().atMost(PATIENCE)
			.until(() -> this.jdbc.queryForList(
					"select amount from reading where metric = 'test.stored'"
							+ " and partition_id = ? and message_offset = ?",
					Double.class, place.path("partition").asInt(), place.path("offset").asLong()),
					(amounts) -> amounts.equals(List.of(42.5)));
		await().atMost(PATIENCE)
			.until(() -> this.api.get("/api/history").json().valueStream().map((row) -> row.path("metric").asString()),
					(metrics) -> metrics.toList().containsAll(List.of("test.stored", "cpu.system")));
	}

	@Test
	void readingAboveItsLimitIsAnsweredWithAnAlert() {
		publish("{\"metric\":\"test.limited\",\"value\":0}");
		publish("{\"metric\":\"test.limited\",\"value\":10}");
		publish("{\"metric\":\"test.limited\",\"value\":11,\"unit\":\"apples\"}");
		await().atMost(PATIENCE).until(() -> alert("test.limited") >= 1);
		JsonNode alert = this.events.named("alert")
			.filter((event) -> event.at("/data/metric").asString().equals("test.limited"))
			.findFirst()
			.orElseThrow();
		assertThat(alert.at("/data/value").asDouble()).isEqualTo(11);
		assertThat(alert.at("/data/limit").asDouble()).isEqualTo(10);
		assertThat(alert.at("/data/unit").asString()).isEqualTo("apples");
		JsonNode stored = this.api.get("/api/streams/alerts/messages").json();
		assertThat(stored.valueStream().map((message) -> message.path("key").asString())).contains("typed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "this is not a reading", "{\"metric\":\"\",\"value\":1}", "{\"metric\":\" \",\"value\":1}",
			"{\"value\":1}", "{\"metric\":\"m\"}", "{\"metric\":\"m\",\"value\":\"NaN\"}", "[]", "null", "" })
	void poisonBecomesOneDeadLetterAndDisturbsNobody(String poison) {
		JsonNode place = publish(poison);
		JsonNode after = publish("{\"metric\":\"test.after\",\"value\":1}");
		assertThat(after.path("partition")).isEqualTo(place.path("partition"));
		await().atMost(PATIENCE).until(() -> deadLetters(place) == 1);
		JsonNode letter = this.events.named("dead-letter")
			.filter((event) -> isAt(event, place))
			.findFirst()
			.orElseThrow();
		assertThat(letter.at("/data/value").asString()).isEqualTo(poison);
		assertThat(letter.at("/data/listener").asString()).isEqualTo("watch");
		assertThat(letter.at("/data/reason").asString()).isNotBlank();
		await().atMost(PATIENCE).until(() -> values("test.after") >= 1);
		await().atMost(PATIENCE)
			.until(() -> this.jdbc.queryForObject(
					"select count(*) from reading where partition_id = ? and message_offset = ?", Long.class,
					after.path("partition").asInt(), after.path("offset").asLong()) == 1);
		assertThat(deadLetters(place)).isEqualTo(1);
		assertThat(
				this.jdbc.queryForObject("select count(*) from reading where partition_id = ? and message_offset = ?",
						Long.class, place.path("partition").asInt(), place.path("offset").asLong()))
			.isZero();
	}

	private JsonNode publish(String value) {
		Api.Answer answer = this.api.publish("/api/streams/readings/messages?key=typed", value);
		assertThat(answer.status()).as(answer.body()).isEqualTo(201);
		return answer.json();
	}

	private long values(String metric) {
		return this.events.named("reading")
			.filter((event) -> event.at("/data/metric").asString().equals(metric))
			.count();
	}

	private JsonNode heap(int index) {
		return this.events.named("reading")
			.filter((event) -> event.at("/data/metric").asString().equals("memory.heap"))
			.skip(index)
			.findFirst()
			.orElseThrow();
	}

	private Instant at(int index) {
		return Instant.parse(heap(index).path("at").asString());
	}

	private long alert(String metric) {
		return this.events.named("alert").filter((event) -> event.at("/data/metric").asString().equals(metric)).count();
	}

	private long deadLetters(JsonNode place) {
		return this.events.named("dead-letter").filter((event) -> isAt(event, place)).count();
	}

	private static boolean isAt(JsonNode event, JsonNode place) {
		return event.at("/data/offset").asString().equals(place.path("offset").asString())
				&& event.at("/data/partition").asString().equals(place.path("partition").asString());
	}

}
