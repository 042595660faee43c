package io.liftbridge.sample;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ListenerApiTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	private int port;

	private Api api;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
	}

	@AfterEach
	void resume() {
		post("watch", "resume");
	}

	@Test
	void listenerWaitsAndGoesOnWhereItWas() {
		await().atMost(PATIENCE).until(() -> states().equals(List.of("LIVE", "LIVE", "LIVE", "LIVE")));
		assertThat(post("watch", "pause")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> states().equals(List.of("PAUSED", "PAUSED", "PAUSED", "PAUSED")));
		await().atMost(PATIENCE).until(() -> lag() > 20);
		assertThat(post("watch", "resume")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> lag() < 20);
	}

	@Test
	void unknownListenerIsNamed() {
		Api.Answer answer = this.api.publish("/api/listeners/nobody/pause", "");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.detail()).isEqualTo("There is no listener 'nobody'.");
	}

	private int post(String listener, String action) {
		return this.api.publish("/api/listeners/" + listener + "/" + action, "").status();
	}

	private List<String> states() {
		return watch().stream().map((listener) -> listener.path("state").asString()).toList();
	}

	private long lag() {
		return watch().stream().mapToLong((listener) -> listener.path("lag").asLong()).sum();
	}

	/** As the overview shows it, in each partition. */
	private List<JsonNode> watch() {
		return this.api.get("/api/streams")
			.json()
			.valueStream()
			.flatMap((stream) -> stream.path("partitions").valueStream())
			.flatMap((partition) -> partition.path("listeners").valueStream())
			.filter((listener) -> listener.path("id").asString().equals("watch"))
			.toList();
	}

}
