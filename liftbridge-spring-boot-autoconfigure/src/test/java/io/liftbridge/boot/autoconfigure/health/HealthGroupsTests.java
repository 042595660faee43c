package io.liftbridge.boot.autoconfigure.health;

import java.time.Duration;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The probes of an orchestrator: an application without broker takes no requests, and is
 * not restarted for it.
 */
class HealthGroupsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LiftbridgeAutoConfiguration.class,
				LiftbridgeHealthAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=health",
				"management.endpoint.health.group.readiness.include=liftbridge",
				"management.endpoint.health.group.liveness.include=ping");

	@Test
	void readinessFollowsTheBrokerAndLivenessDoesNot() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address()).run((context) -> {
				awaitStatus(context, "readiness", Status.UP);
				broker.stop();
				awaitStatus(context, "readiness", Status.DOWN);
				assertThat(status(context, "liveness")).isEqualTo(Status.UP);
				broker.restart();
				awaitStatus(context, "readiness", Status.UP);
			});
		}
	}

	@Test
	void tellsWhatAListenerIsInItsGroup() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 2);
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address())
				.withBean(Billing.class)
				.run((context) -> Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(details(context)).containsPattern(
							"billing=group 'billing' member '.+' has 2 partitions, epoch \\d+, coordinator embedded")));
		}
	}

	private static String details(ApplicationContext context) {
		Health health = context.getBean(LiftbridgeHealthIndicator.class).health();
		assertThat(health).isNotNull();
		return String.valueOf(health.getDetails().get("groups"));
	}

	private static void awaitStatus(ApplicationContext context, String group, Status status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(status(context, group)).isEqualTo(status));
	}

	private static Status status(ApplicationContext context, String group) {
		HealthDescriptor health = context.getBean(HealthEndpoint.class).healthForPath(group);
		assertThat(health).isNotNull();
		return health.getStatus();
	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders", group = "billing")
		void on(String order) {
		}

	}

}
