package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Cursors of a stream that was deleted and created anew while nobody read it.
 */
class ReplacedStreamTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	@BeforeEach
	void storeCursors() {
		this.cluster.stream("__cursors");
		this.cluster.created("orders", 1000);
		this.orders.append("a");
		this.orders.append("b");
	}

	private SubscriptionBuilder subscribe(CursorConvention convention) {
		return this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.cursor("billing", convention)
			.tracking(OffsetTracking.every(1000, Duration.ofDays(1)))
			.handler(this.collector);
	}

	private void replace() {
		this.cluster.remove("orders");
		this.cluster.created("orders", 2000);
		FakePartition anew = this.cluster.stream("orders");
		List.of("c", "d", "e", "f").forEach(anew::append);
	}

	private void awaitReceived(int messages) {
		await().atMost(LONG).until(() -> this.collector.size() == messages);
	}

	@ParameterizedTest
	@EnumSource(CursorConvention.class)
	void aSubscriptionSkipsNothingOfTheNewStream(CursorConvention convention) {
		Subscription first = subscribe(convention).start();
		awaitReceived(2);
		assertThat(first.close(LONG)).isTrue();
		replace();
		Subscription second = subscribe(convention).from(StartPosition.newOnly()).start();
		awaitReceived(6);
		assertThat(this.collector.values()).containsExactly("a", "b", "c", "d", "e", "f");
		assertThat(second.close(LONG)).isTrue();
		assertThat(this.cluster.cursors()).containsEntry("billing,orders,0",
				(convention == CursorConvention.NEXT_OFFSET) ? 4L : 3L);
	}

	@ParameterizedTest
	@EnumSource(CursorConvention.class)
	void aConsumerSkipsNothingOfTheNewStream(CursorConvention convention) {
		assertThat(read(convention, 2)).containsExactly("a", "b");
		replace();
		assertThat(read(convention, 4)).containsExactly("c", "d", "e", "f");
	}

	private List<String> read(CursorConvention convention, int messages) {
		try (Consumer consumer = this.client.consumer("orders")
			.from(StartPosition.earliest())
			.cursor("billing", convention)
			.open()) {
			List<String> values = new ArrayList<>();
			await().atMost(LONG).until(() -> {
				consumer.poll(Duration.ofSeconds(1)).forEach((message) -> values.add(message.text()));
				return values.size() >= messages;
			});
			get(consumer.commit());
			return values;
		}
	}

}
