package io.liftbridge.boot.autoconfigure.health;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeHealthAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeHealthAutoConfiguration.class));

	@Test
	void providesAnIndicatorThatKnowsTheBrokerBeforeAnybodyUsesTheClient() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address()).run((context) -> {
				awaitStatus(context, Status.UP);
				assertThat(health(context).getDetails()).containsEntry("brokers", Map.of("embedded", "UP"));
			});
		}
	}

	@Test
	void goesDownAndUpWithTheBroker() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().brokerId("b1").start()) {
			broker.createStream("orders", 1);
			this.runner
				.withPropertyValues("liftbridge.seeds=" + broker.address(),
						"liftbridge.listener.interruption-tolerance=0s")
				.withBean(Billing.class)
				.run((context) -> {
					awaitStatus(context, Status.UP);
					Awaitility.await()
						.untilAsserted(() -> assertThat(health(context).getDetails()).containsEntry("listeners",
								Map.of("billing", "RUNNING")));
					broker.stop();
					awaitStatus(context, Status.DOWN);
					Awaitility.await()
						.untilAsserted(() -> assertThat(health(context).getDetails().get("listeners").toString())
							.startsWith("{billing=RUNNING, orders partition 0 interrupted for "));
					assertThat(health(context).getDetails().get("brokers").toString())
						.matches("\\{b1=DOWN since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ: .+}");
					broker.restart();
					awaitStatus(context, Status.UP);
					assertThat(health(context).getDetails()).containsEntry("brokers", Map.of("b1", "UP"))
						.containsEntry("listeners", Map.of("billing", "RUNNING"));
				});
		}
	}

	@Test
	@Timeout(30)
	void isDownAndDoesNotWaitIfNobodyListensAtTheSeeds() {
		this.runner.withPropertyValues("liftbridge.seeds=127.0.0.1:1").run((context) -> {
			awaitStatus(context, Status.DOWN);
			assertThat(health(context).getDetails().get("brokers").toString()).startsWith("{127.0.0.1:1=DOWN since ");
		});
	}

	/** The system accepts the connection, but nobody ever says anything. */
	@Test
	void isDownAndDoesNotWaitIfABrokerHangs() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
			this.runner
				.withPropertyValues("liftbridge.seeds=127.0.0.1:" + silent.getLocalPort(),
						"liftbridge.connect-timeout=300ms")
				.run((context) -> {
					awaitStatus(context, Status.DOWN);
					// The call's deadline or the connection's, which end at the same
					// time.
					assertThat(health(context).getDetails().get("brokers").toString())
						.endsWith("answer within 300 ms}");
				});
		}
	}

	@Test
	void backsOffIfDisabled() {
		this.runner.withPropertyValues("management.health.liftbridge.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeHealthIndicator.class)
				.doesNotHaveBean(FirstContact.class));
	}

	@Test
	void backsOffIfAllAreDisabled() {
		this.runner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeHealthIndicator.class));
	}

	@Test
	void backsOffForAnIndicatorOfTheUsers() {
		this.runner.withBean("liftbridgeHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeHealthIndicator.class));
	}

	private static void awaitStatus(ApplicationContext context, Status status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(status));
	}

	private static Health health(ApplicationContext context) {
		Health health = context.getBean(HealthIndicator.class).health();
		assertThat(health).isNotNull();
		return health;
	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
		}

	}

}
