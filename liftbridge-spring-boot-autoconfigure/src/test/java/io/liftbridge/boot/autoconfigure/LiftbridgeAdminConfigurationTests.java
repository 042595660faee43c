package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.core.LiftbridgeAdmin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class LiftbridgeAdminConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class));

	@Test
	void createsStreamsFromPropertiesAndBeansBeforeTheStartEnds() {
		this.runner
			.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.streams[0].name=orders",
					"liftbridge.streams[0].partitions=4", "liftbridge.streams[0].replication-factor=max")
			.withBean("invoices", StreamSpec.class, () -> StreamSpec.named("invoices").partitions(2))
			.run((context) -> assertThat(context.getBean(LiftbridgeClient.class).streams().list())
				.extracting(StreamInfo::name, (stream) -> stream.partitions().size())
				.containsExactlyInAnyOrder(tuple("orders", 4), tuple("invoices", 2)));
	}

	@Test
	void tellsThePropertyThatCannotBeFulfilledAndStarts() {
		this.runner
			.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.streams[0].name=orders",
					"liftbridge.streams[0].replication-factor=3")
			.run((context) -> assertThat(context.getBean(LiftbridgeAdmin.class).pending()).containsEntry("orders",
					"liftbridge.streams[0].replication-factor = '3' is not possible: the cluster has only 1 broker(s)."
							+ " Correct it: set it to 1 at most, or to max for as many as there are, or add brokers."));
	}

	@Test
	void createsNothingIfDisabled() {
		this.runner
			.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.admin.enabled=false",
					"liftbridge.streams[0].name=orders")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(LiftbridgeAdmin.class);
				assertThat(context.getBean(LiftbridgeClient.class).streams().list()).isEmpty();
			});
	}

	@Test
	@Timeout(30)
	void startsWithoutABrokerAndCreatesStreamsOnceItIsThere() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.stop();
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address(), "liftbridge.streams[0].name=orders")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(LiftbridgeAdmin.class).pending()).containsOnlyKeys("orders");
					broker.restart();
					Awaitility.await()
						.atMost(Duration.ofSeconds(20))
						.until(() -> context.getBean(LiftbridgeAdmin.class).pending().isEmpty());
					assertThat(context.getBean(LiftbridgeClient.class).streams().exists("orders")).isTrue();
				});
		}
	}

	@Test
	@Timeout(30)
	void doesNotStartWithoutABrokerIfFatal() {
		this.runner
			.withPropertyValues("liftbridge.seeds=127.0.0.1:1", "liftbridge.streams[0].name=orders",
					"liftbridge.admin.fatal=true")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("orders"));
	}

	@Test
	void refusesAStreamThatIsListedAndABean() {
		this.runner.withPropertyValues("liftbridge.streams[0].name=orders")
			.withBean("orders", StreamSpec.class, () -> StreamSpec.named("orders"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage(
						"liftbridge.streams[0].name = 'orders' is declared twice: there is also a StreamSpec bean of "
								+ "that name."));
	}

	@Test
	void backsOffForAnAdminOfTheUsers() {
		this.runner
			.withBean("mine", LiftbridgeAdmin.class,
					() -> new LiftbridgeAdmin(LiftbridgeClient.builder().build(), List.of()))
			.run((context) -> assertThat(context).hasSingleBean(LiftbridgeAdmin.class).hasBean("mine"));
	}

}
