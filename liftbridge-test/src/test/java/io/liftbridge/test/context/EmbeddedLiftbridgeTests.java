package io.liftbridge.test.context;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeTestTemplate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Without Spring.
 */
@EmbeddedLiftbridge(streams = { "orders:4", "invoices" }, partitions = 2, properties = "broker-id = b1")
class EmbeddedLiftbridgeTests {

	private final EmbeddedBroker broker;

	EmbeddedLiftbridgeTests(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@Test
	void hasTheStreamsAndSettingsThatWereAskedFor(LiftbridgeClient client) {
		assertThat(this.broker.isRunning()).isTrue();
		assertThat(client.streams().describe("orders").partitions()).hasSize(4);
		assertThat(client.streams().describe("invoices").partitions()).hasSize(2);
		assertThat(client.streams().describeCluster().brokers()).singleElement()
			.satisfies((member) -> assertThat(member.id()).isEqualTo("b1"));
	}

	@Test
	void assertsOnMessagesThatArriveLater(LiftbridgeTestTemplate liftbridge) {
		Thread sender = new Thread(() -> liftbridge.send("invoices", "k1", "{\"amount\": 5, \"paid\": false}"));
		sender.start();
		assertThat(liftbridge.messages("invoices")).hasSize(1)
			.first()
			.hasKey("k1")
			.hasStream("invoices")
			.hasOffset(0)
			.hasJson("{\"paid\": false, \"amount\": 5}")
			.hasJson("/amount", 5);
	}

	@Nested
	class NestedClass {

		@Test
		void hasTheBrokerOfTheOuterOne(EmbeddedBroker broker) {
			assertThat(broker).isSameAs(EmbeddedLiftbridgeTests.this.broker);
		}

	}

	@Nested
	@EmbeddedLiftbridge
	class NestedClassWithItsOwn {

		@Test
		void hasAnotherBroker(EmbeddedBroker own) {
			assertThat(own).isNotSameAs(EmbeddedLiftbridgeTests.this.broker);
		}

	}

}
