package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakeGroups;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.LiftbridgeException;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A test with a scripted group "billing" that consumes stream "orders".
 */
abstract class FakeGroupTest extends FakeClusterTest {

	static final String CURSOR = "__group:billing,orders,0";

	final List<String> received = new CopyOnWriteArrayList<>();

	final Told told = new Told();

	FakeGroups groups;

	@BeforeEach
	void prepareGroups() {
		this.cluster.stream("__cursors");
		this.groups = this.cluster.groups();
	}

	GroupConsumerBuilder member() {
		return this.client.group("billing")
			.streams("orders")
			.consumerId("me")
			.from(StartPosition.earliest())
			.tracking(OffsetTracking.every(Duration.ofMillis(100)))
			.listener(this.told)
			.handler((message) -> this.received.add(message.text()));
	}

	GroupConsumer start(GroupConsumerBuilder builder) {
		GroupConsumer consumer = builder.start();
		get(consumer.started());
		return consumer;
	}

	SubscriberCall lastCall() {
		List<SubscriberCall> calls = this.broker.subscriberCalls();
		return calls.get(calls.size() - 1);
	}

	void awaitReceived(String... values) {
		await().atMost(LONG).untilAsserted(() -> assertThat(this.received).containsExactly(values));
	}

	void awaitCursor(long offset) {
		await().atMost(LONG).untilAsserted(() -> assertThat(this.cluster.cursors()).containsEntry(CURSOR, offset));
	}

	/** Notes what the listener is told. */
	static final class Told implements ConsumerUpdateListener {

		final List<String> events = new CopyOnWriteArrayList<>();

		final List<Throwable> failures = new CopyOnWriteArrayList<>();

		@Override
		public StartPosition onActive(GroupMember member, GroupPartition partition, OptionalLong stored) {
			this.events.add("active " + partition);
			return null;
		}

		@Override
		public void onStandby(GroupMember member, GroupPartition partition, String reason) {
			this.events.add("standby " + partition);
		}

		@Override
		public void onStreamDeleted(GroupMember member, String stream) {
			this.events.add("deleted " + stream);
		}

		@Override
		public void onInterrupted(GroupMember member, LiftbridgeException reason, int attempt) {
			this.events.add("interrupted " + attempt + " " + reason.getMessage());
		}

		@Override
		public void onFailure(GroupMember member, GroupPartition partition, Throwable failure) {
			this.failures.add(failure);
		}

	}

}
