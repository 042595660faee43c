package io.liftbridge.test.context;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeTestTemplate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With Spring, and no Boot.
 */
@SpringJUnitConfig
@TestPropertySource(properties = { "liftbridge.seeds=nobody:1", "app.in=orders:3" })
@EmbeddedLiftbridge(streams = { "${app.in}", "invoices" })
class EmbeddedLiftbridgeSpringTests {

	@Test
	void propertiesLeadToTheBroker(@Autowired EmbeddedBroker broker, @Value("${liftbridge.seeds}") String seeds) {
		assertThat(seeds).isEqualTo(broker.address());
	}

	@Test
	void resolvesPlaceholders(@Autowired LiftbridgeClient client) {
		assertThat(client.streams().describe("orders").partitions()).hasSize(3);
	}

	@Test
	void theTemplateUsesTheApplicationsClient(@Autowired LiftbridgeTestTemplate liftbridge,
			@Autowired LiftbridgeClient client) {
		assertThat(liftbridge.client()).isSameAs(client);
		liftbridge.send("invoices", "k1", "five");
		assertThat(liftbridge.messages("invoices")).last().hasKey("k1").hasText("five");
	}

	@Nested
	class NestedClass {

		@Test
		void hasTheBrokerOfTheOuterOne(@Autowired EmbeddedBroker broker, @Value("${liftbridge.seeds}") String seeds) {
			assertThat(seeds).isEqualTo(broker.address());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean(destroyMethod = "close")
		LiftbridgeClient client(@Value("${liftbridge.seeds}") String seeds) {
			return LiftbridgeClient.builder().seeds(seeds).build();
		}

	}

}
