package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakeWire;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server hangs up on those who send pings more often than every five minutes, or
 * without any call.
 */
class PingTests extends FakeClusterTest {

	private final List<String> received = new CopyOnWriteArrayList<>();

	private FakeWire wire;

	@BeforeEach
	void layWire() {
		this.wire = new FakeWire(this.broker);
		Address address = Address.parse(this.wire.address());
		client(builder().seeds(this.wire.address()).addressResolver((advertised) -> address));
		get(this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> this.received.add(message.text().substring(0, 1)))
			.start()
			.started());
	}

	@AfterEach
	void cutWire() throws Exception {
		this.wire.close();
	}

	/**
	 * Neither to keep a connection alive (which gRPC does every ten seconds at most), nor
	 * to find out how much a connection takes.
	 */
	@Test
	void areNotSentWhileMuchOrNothingArrives() {
		byte[] much = "x".repeat(500_000).getBytes();
		Producer producer = this.client.producer("orders").build();
		for (int i = 0; i < 20; i++) {
			get(producer.send(Message.of("k", much)));
		}
		await().atMost(LONG).until(() -> this.received.size() == 20);
		await().atMost(LONG).during(Duration.ofSeconds(12)).until(() -> this.wire.pings() == 0);
		assertThat(this.wire.connections()).isOne();
	}

	@Test
	void thatAreSaidToBeTooManyAreSurvived() {
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.of("k", "a")));
		await().atMost(LONG).until(() -> this.received.size() == 1);
		for (String value : List.of("b", "c")) {
			int before = this.wire.connections();
			this.wire.complain();
			get(producer.send(Message.of("k", value)));
			await().atMost(LONG).until(() -> this.received.contains(value));
			assertThat(this.wire.connections()).isGreaterThan(before);
		}
		assertThat(this.received.stream().distinct()).containsExactly("a", "b", "c");
	}

}
