package io.liftbridge.sample;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ManagementTests {

	@LocalServerPort
	private int port;

	private Api api;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
	}

	@Test
	void healthNamesBrokersAndListeners() {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.api.get("/actuator/health").status() == 200);
		JsonNode health = this.api.get("/actuator/health").json();
		assertThat(health.path("status").asString()).isEqualTo("UP");
		JsonNode liftbridge = health.at("/components/liftbridge");
		assertThat(liftbridge.path("status").asString()).isEqualTo("UP");
		assertThat(liftbridge.at("/details/brokers")).isNotEmpty();
		assertThat(liftbridge.at("/details/listeners").propertyNames()).contains("live", "history", "watch", "alerts",
				"dead-letters");
	}

	@Test
	void prometheusHasMetersOfLiftbridge() {
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.api.get("/actuator/prometheus").body()).contains("liftbridge_",
					"liftbridge_listener_lag", "jvm_memory_used_bytes"));
	}

	@Test
	void endpointListsListenersWithTheirPartitions() {
		JsonNode listeners = this.api.get("/actuator/liftbridge").json().path("listeners");
		JsonNode live = listeners.valueStream()
			.filter((listener) -> listener.path("id").asString().equals("live"))
			.findFirst()
			.orElseThrow();
		assertThat(live.path("partitions")).hasSize(4);
	}

	@Test
	void listenersArePausedAndResumedThroughTheEndpoint() {
		Api.Answer paused = this.api.postJson("/actuator/liftbridge/history/pause", "{}");
		assertThat(paused.status()).isEqualTo(200);
		assertThat(paused.json().at("/listener/paused").asBoolean()).isTrue();
		assertThat(this.api.get("/actuator/liftbridge/history").json().path("paused").asBoolean()).isTrue();
		Api.Answer resumed = this.api.postJson("/actuator/liftbridge/history/resume", "{}");
		assertThat(resumed.json().at("/listener/paused").asBoolean()).isFalse();
	}

	@Test
	void endpointSaysWhatCannotBeDone() {
		Api.Answer answer = this.api.postJson("/actuator/liftbridge/history/pause", "{\"partition\": 99}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("error").asString()).contains("does not read partition 99");
		assertThat(this.api.postJson("/actuator/liftbridge/nobody/pause", "{}").status()).isEqualTo(404);
	}

	@Test
	void endpointDoesNothingWithArgumentsThatItDoesNotKnow() {
		Api.Answer answer = this.api.postJson("/actuator/liftbridge/history/pause", "{\"partiton\": 1}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("error").asString()).contains("[partiton]", "stream, partition, position");
		assertThat(this.api.get("/actuator/liftbridge/history").json().path("paused").asBoolean()).isFalse();
		assertThat(this.api.postJson("/actuator/liftbridge/history/replay", "{\"dryrun\": true}").status())
			.isEqualTo(400);
		assertThat(this.api.get("/actuator/liftbridge/history").json().path("lastReplay").isNull()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/env", "/actuator/heapdump", "/actuator/beans" })
	void nothingElseIsExposed(String path) {
		assertThat(this.api.get(path).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/style.css", "/app.js", "/events.js", "/charts.js", "/view.js", "/publish.js",
			"/favicon.svg", "/webjars/chart.js/dist/chart.umd.min.js" })
	void pageAndAllItNeedsAreServed(String path) {
		Api.Answer answer = this.api.get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isNotBlank();
	}

}
