package io.liftbridge.sample;

import java.net.http.HttpRequest.BodyPublishers;

import io.liftbridge.sample.Api.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class StreamApiTests {

	@LocalServerPort
	private int port;

	private Api api;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
	}

	@Test
	void publishAnswersWhereTheMessageIs() {
		Answer first = this.api.publish("/api/streams/alerts/messages", "{}");
		Answer second = this.api.publish("/api/streams/alerts/messages", "{}");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.json().path("stream").asString()).isEqualTo("alerts");
		assertThat(first.json().path("partition").asInt()).isZero();
		assertThat(second.json().path("offset").asLong()).isEqualTo(first.json().path("offset").asLong() + 1);
	}

	@Test
	void publishedMessageIsRead() {
		JsonNode place = this.api.publish("/api/streams/readings/messages?key=caf%C3%A9&partition=2", "grün").json();
		assertThat(place.path("partition").asInt()).isEqualTo(2);
		JsonNode stored = this.api
			.get("/api/streams/readings/messages?partition=2&limit=1&offset=" + place.path("offset").asLong())
			.json();
		assertThat(stored).hasSize(1);
		assertThat(stored.get(0).path("offset").asLong()).isEqualTo(place.path("offset").asLong());
		assertThat(stored.get(0).path("key").asString()).isEqualTo("café");
		assertThat(stored.get(0).path("value").asString()).isEqualTo("grün");
	}

	@Test
	void keyDecidesPartition() {
		JsonNode one = this.api.publish("/api/streams/readings/messages?key=order-1001", "x").json();
		JsonNode two = this.api.publish("/api/streams/readings/messages?key=order-1001", "y").json();
		assertThat(one.path("partition").asInt()).isEqualTo(1).isEqualTo(two.path("partition").asInt());
	}

	@Test
	void bodyThatClaimsToBeAFormIsStoredAsItIs() {
		String value = "{\"metric\":\"a=b&key=c\"}";
		JsonNode place = this.api.publishAsForm("/api/streams/alerts/messages?key=k", value).json();
		JsonNode stored = this.api.get("/api/streams/alerts/messages?offset=" + place.path("offset").asLong()).json();
		assertThat(stored.get(0).path("value").asString()).isEqualTo(value);
		assertThat(stored.get(0).path("key").asString()).isEqualTo("k");
	}

	@Test
	void emptyBodyIsAnEmptyMessage() {
		Answer answer = this.api.publish("/api/streams/alerts/messages", "");
		assertThat(answer.status()).isEqualTo(201);
	}

	@Test
	void newestMessagesAreReadWithoutOffset() {
		this.api.publish("/api/streams/alerts/messages", "before");
		this.api.publish("/api/streams/alerts/messages", "last but one");
		this.api.publish("/api/streams/alerts/messages", "last");
		JsonNode messages = this.api.get("/api/streams/alerts/messages?limit=2").json();
		assertThat(messages).hasSize(2);
		assertThat(messages.get(1).path("value").asString()).isEqualTo("last");
	}

	@Test
	void nothingIsReadBeyondTheEnd() {
		Answer answer = this.api.get("/api/streams/readings/messages?offset=1000000000");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json()).isEmpty();
	}

	@Test
	void streamsAreListedWithPartitionsAndListeners() {
		JsonNode streams = this.api.get("/api/streams").json();
		assertThat(streams.valueStream().map((stream) -> stream.path("name").asString())).contains("readings",
				"readings.dlt", "alerts");
		JsonNode readings = streams.valueStream()
			.filter((stream) -> stream.path("name").asString().equals("readings"))
			.findFirst()
			.orElseThrow();
		assertThat(readings.path("partitions")).hasSize(4);
		assertThat(
				readings.at("/partitions/3/listeners").valueStream().map((listener) -> listener.path("id").asString()))
			.contains("live", "history", "watch");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/streams/nowhere/messages", "/api/streams/nowhere%5Cnever/messages",
			"/api/streams/readings/messages?partition=4" })
	void unknownPlaceIsNotFound(String path) {
		assertProblem(this.api.publish(path, "x"), 404, path.contains("nowhere") ? "does not exist" : "4");
		assertProblem(this.api.get(path), 404, path.contains("nowhere") ? "does not exist" : "4");
	}

	@ParameterizedTest
	@CsvSource({ "a%2Fb, characters", "a%20b, blanks", "a..b, dot", "a*, characters", "%3E, characters" })
	void illegalNameIsRefused(String name, String reason) {
		assertProblem(this.api.publish("/api/streams/" + name + "/messages", "x"), 400, reason);
		assertProblem(this.api.get("/api/streams/" + name + "/messages"), 400, reason);
	}

	@Test
	void overlongNameIsRefused() {
		assertProblem(this.api.publish("/api/streams/" + "n".repeat(300) + "/messages", "x"), 400, "300 bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "partition=-1", "partition=two", "partition=99999999999" })
	void impossiblePartitionIsRefused(String query) {
		assertProblem(this.api.publish("/api/streams/readings/messages?" + query, "x"), 400, "partition");
		assertProblem(this.api.get("/api/streams/readings/messages?" + query), 400, "partition");
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=501", "limit=x", "offset=-1", "offset=x" })
	void impossibleRangeIsRefused(String query) {
		assertProblem(this.api.get("/api/streams/readings/messages?" + query), 400, query.split("=")[0]);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1024 * 1024 + 1, 3 * 1024 * 1024, 5 * 1024 * 1024 })
	void tooLargeValueIsRefused(int bytes) {
		assertProblem(this.api.publish("/api/streams/alerts/messages", BodyPublishers.ofByteArray(new byte[bytes])),
				413, "alerts");
	}

	@Test
	void valueThatIsNotReadToItsEndIsReportedWithItsWholeSize() {
		assertProblem(this.api.publish("/api/streams/alerts/messages", BodyPublishers.ofByteArray(new byte[9_000_000])),
				413, "9000000 bytes");
	}

	@Test
	void unknownPathIsNotFound() {
		assertProblem(this.api.get("/api/nothing"), 404, "");
	}

	private static void assertProblem(Answer answer, int status, String detail) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.type()).isEqualTo("application/problem+json");
		assertThat(answer.detail()).isNotBlank().contains(detail);
	}

}
