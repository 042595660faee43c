package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeEndpointAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class,
						LiftbridgeEndpointAutoConfiguration.class, EndpointAutoConfiguration.class,
						JacksonAutoConfiguration.class, JacksonEndpointAutoConfiguration.class))
		.withPropertyValues("liftbridge.embedded.enabled=true", "management.endpoints.web.exposure.include=liftbridge");

	@Test
	void showsBrokersStreamsAndListeners() {
		this.runner
			.withPropertyValues("liftbridge.streams[0].name=orders", "liftbridge.listener.start-position=earliest",
					"liftbridge.listener.lag-interval=100ms")
			.withBean(Billing.class)
			.run((context) -> {
				LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
				for (int i = 0; i < 3; i++) {
					template.sendAndWait("orders", "order", Duration.ofSeconds(10));
				}
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(partition(json(context)).path("newest").asLong()).isEqualTo(2));
				Awaitility.await()
					.untilAsserted(() -> assertThat(partition(json(context)).path("position").asLong()).isEqualTo(2));
				JsonNode json = json(context);
				assertThat(json.propertyNames()).containsExactly("brokers", "streams", "missingStreams", "listeners");
				JsonNode broker = json.at("/brokers/0");
				assertThat(broker.path("id").asString()).isEqualTo("embedded");
				assertThat(broker.path("state").asString()).isEqualTo("UP");
				assertThat(broker.path("address").asString())
					.isEqualTo(context.getBean(EmbeddedBroker.class).address());
				JsonNode stream = json.at("/streams/0");
				assertThat(stream.path("name").asString()).isEqualTo("orders");
				assertThat(stream.at("/partitions/0/leader").asString()).isEqualTo("embedded");
				JsonNode listener = json.at("/listeners/0");
				assertThat(listener.path("id").asString()).isEqualTo("billing");
				assertThat(listener.path("cursorId").asString()).isEqualTo("billing");
				assertThat(listener.path("state").asString()).isEqualTo("RUNNING");
				JsonNode partition = partition(json);
				assertThat(partition.propertyNames()).containsExactly("stream", "partition", "position", "newest",
						"lag", "state", "since", "lastError");
				assertThat(partition.path("stream").asString()).isEqualTo("orders");
				assertThat(partition.path("partition").asInt()).isZero();
				assertThat(partition.path("lag").asLong()).isZero();
				assertThat(partition.path("state").asString()).isEqualTo("LIVE");
				assertThat(partition.path("lastError").isNull()).isTrue();
			});
	}

	@Test
	void showsNoCursorForAListenerThatStoresNothing() {
		this.runner.withPropertyValues("liftbridge.listener.ack-mode=none")
			.withBean(Billing.class)
			.run((context) -> assertThat(json(context).at("/listeners/0").has("cursorId")).isFalse());
	}

	@Test
	@Timeout(30)
	void answersAtOnceWithoutABroker() {
		this.runner.withPropertyValues("liftbridge.seeds=127.0.0.1:1", "liftbridge.streams[0].name=orders")
			.withBean(Billing.class)
			.run((context) -> {
				Awaitility.await()
					.untilAsserted(() -> assertThat(json(context).at("/brokers/0/state").asString()).isEqualTo("DOWN"));
				long begin = System.nanoTime();
				JsonNode json = json(context);
				assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
				assertThat(json.at("/brokers/0/reason").asString()).isNotEmpty();
				assertThat(json.path("streams")).isEmpty();
				assertThat(json.path("missingStreams").propertyNames()).containsExactly("orders");
			});
	}

	@Test
	void needsToBeExposed() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeEndpoint.class));
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("management.endpoint.liftbridge.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeEndpoint.class));
	}

	@Test
	void backsOffForAnEndpointOfTheUsers() {
		this.runner
			.withBean("mine", LiftbridgeEndpoint.class,
					() -> new LiftbridgeEndpoint(List::of, List::of, Map::of, List::of))
			.run((context) -> assertThat(context).hasSingleBean(LiftbridgeEndpoint.class).hasBean("mine"));
	}

	private static JsonNode json(ApplicationContext context) {
		LiftbridgeDescriptor descriptor = context.getBean(LiftbridgeEndpoint.class).liftbridge();
		var mapper = context.getBean(EndpointJsonMapper.class).get();
		return mapper.readTree(mapper.writeValueAsString(descriptor));
	}

	private static JsonNode partition(JsonNode json) {
		return json.at("/listeners/0/partitions/0");
	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
		}

	}

}
