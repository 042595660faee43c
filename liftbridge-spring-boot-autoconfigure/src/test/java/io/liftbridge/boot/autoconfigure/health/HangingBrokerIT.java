package io.liftbridge.boot.autoconfigure.health;

import java.time.Duration;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.test.LiftbridgeServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real server that is frozen: its connections stay open, and nothing is answered.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class HangingBrokerIT {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeHealthAutoConfiguration.class));

	@Test
	void isDownWithinABoundedTimeAndUpAgain() {
		try (LiftbridgeServer server = LiftbridgeServer.builder().start()) {
			this.runner
				.withPropertyValues("liftbridge.seeds=" + server.address(), "liftbridge.connect-timeout=2s",
						"liftbridge.metadata-refresh-interval=1h")
				.run((context) -> {
					awaitStatus(context, Status.UP);
					server.pause();
					awaitStatus(context, Status.DOWN);
					assertThat(health(context).getDetails().get("brokers").toString())
						.endsWith("answer within 2000 ms}");
					server.resume();
					awaitStatus(context, Status.UP);
				});
		}
	}

	private static void awaitStatus(ApplicationContext context, Status status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(status));
	}

	private static Health health(ApplicationContext context) {
		Health health = context.getBean(HealthIndicator.class).health();
		assertThat(health).isNotNull();
		return health;
	}

}
