package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeTestUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who has outgrown the embedded broker changes one property: the same application does
 * the same on a replicated cluster.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class OnePropertyClusterIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class,
				LiftbridgeAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.streams[0].name=orders",
				"liftbridge.streams[0].partitions=4", "liftbridge.streams[0].replication-factor=max",
				"liftbridge.streams[1].name=invoices", "liftbridge.streams[1].replication-factor=max",
				"liftbridge.listener.start-position=earliest", "liftbridge.listener.retry.initial-interval=10ms")
		.withBean(Billing.class);

	@Test
	void theSameApplicationRunsOnACluster() {
		List<String> embedded = new ArrayList<>();
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(EmbeddedBroker.class);
			embedded.addAll(whatHappens(context));
		});
		try (LiftbridgeCluster cluster = LiftbridgeCluster.builder().start()) {
			this.application.withPropertyValues("liftbridge.seeds=" + String.join(",", cluster.addresses()))
				.run((context) -> {
					assertThat(context).doesNotHaveBean(EmbeddedBroker.class);
					assertThat(whatHappens(context)).isEqualTo(embedded);
					assertThat(context.getBean(LiftbridgeClient.class).streams().describe("orders").partitions())
						.allSatisfy((partition) -> assertThat(partition.replicas()).hasSize(3));
				});
		}
	}

	/** Streams made, JSON, group, retry, dead letter, reply, position. */
	private static List<String> whatHappens(ApplicationContext context) {
		LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
		LiftbridgeClient client = context.getBean(LiftbridgeClient.class);
		for (int amount = 0; amount < 4; amount++) {
			template.sendAndWait("orders", "k" + amount, new Order("k" + amount, amount), PATIENCE);
		}
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
			assertThat(LiftbridgeTestUtils.records(client, "invoices")).hasSize(3);
			assertThat(LiftbridgeTestUtils.records(client, "orders.dlt")).hasSize(1);
		});
		LiftbridgeTestUtils.awaitConsumed(client,
				context.getBean(LiftbridgeListenerEndpointRegistry.class).container("billing"), PATIENCE);
		LiftbridgeTestUtils.awaitConsumedByGroup(client, "orders", "billing");
		List<String> happened = new ArrayList<>(context.getBean(Billing.class).received);
		LiftbridgeTestUtils.records(client, "invoices").forEach((invoice) -> happened.add("invoice " + invoice.text()));
		LiftbridgeTestUtils.records(client, "orders.dlt")
			.forEach((letter) -> happened.add("dead " + letter.partition() + " " + letter.text()));
		// Partitions are read side by side.
		return happened.stream().sorted().toList();
	}

	record Order(String customer, int amount) {
	}

	static class Billing {

		final List<String> received = new CopyOnWriteArrayList<>();

		@LiftbridgeListener(id = "billing", streams = "orders", group = "billing")
		@SendTo("invoices")
		String on(Order order) {
			if (order.amount() == 0) {
				throw new IllegalArgumentException("nothing to bill");
			}
			this.received.add(order.toString());
			return order.customer() + " pays " + order.amount();
		}

	}

}
