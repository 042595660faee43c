package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where a member begins, and what it stores of how far it has come.
 */
class GroupPositionTests extends FakeGroupTest {

	@Test
	void theCursorGoesBeyondWhatIsFilteredOut() {
		this.orders.append("a");
		this.orders.append("no");
		start(member().filter((message) -> !message.text().equals("no")));
		awaitReceived("a");
		awaitCursor(1);
		this.orders.append("no");
		awaitCursor(2);
		assertThat(this.received).containsExactly("a");
	}

	@Test
	void theCursorOfBatchesGoesBeyondWhatIsFilteredOut() {
		this.orders.append("no");
		this.orders.append("no");
		start(member().filter((message) -> !message.text().equals("no"))
			.batchHandler(10, (messages) -> messages.forEach((message) -> this.received.add(message.text()))));
		awaitCursor(1);
		assertThat(this.received).isEmpty();
	}

	@Test
	void beginsBehindTheCursor() {
		this.orders.append("a");
		this.orders.append("b");
		this.orders.append("c");
		this.cluster.cursors().put(CURSOR, 1L);
		start(member());
		awaitReceived("c");
	}

	@Test
	void readsFromTheBeginningIfTheCursorIsOfAnotherStreamOfTheSameName() {
		this.orders.append("a");
		this.cluster.cursors().put(CURSOR, 17L);
		start(member());
		awaitReceived("a");
		awaitCursor(0);
	}

	@Test
	void commitsByHandOnlyForwards() {
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		this.orders.append("a");
		this.orders.append("b");
		this.orders.append("c");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.manual()).handler(messages::add));
		await().atMost(LONG).until(() -> messages.size() == 3);
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		get(consumer.commit(messages.get(1)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(consumer.commit(messages.get(0)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(consumer.commit());
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
		this.groups.assign("billing", "me");
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		assertThat(failure(consumer.commit(messages.get(2)))).hasMessageContaining("orders[0]");
	}

	@Test
	void commitsByHandWithinABatchEntryOnlyUpToTheEntry() {
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		this.orders.append("before");
		try (Producer producer = this.client.producer("orders").build()) {
			get(producer.sendBatchEntry(List.of(Message.of("k", "a"), Message.of("k", "b"), Message.of("k", "c")),
					Compression.NONE));
		}
		GroupConsumer consumer = start(member().tracking(OffsetTracking.manual()).handler(messages::add));
		await().atMost(LONG).until(() -> messages.size() == 4);
		assertThat(messages.get(2).index()).isOne();
		get(consumer.commit(messages.get(2)));
		assertThat(this.cluster.cursors()).as("the third record would be lost").containsEntry(CURSOR, 0L);
		get(consumer.commit(messages.get(3)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
	}

	@Test
	void aCursorThatCannotBeStoredIsReportedAndTriedAgain() {
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		this.orders.append("a");
		start(member());
		awaitReceived("a");
		await().atMost(LONG).until(() -> !this.told.failures.isEmpty());
		assertThat(this.told.failures.get(0)).hasMessageContaining("disk is full")
			.hasMessageContaining("stream 'orders' partition 0");
		this.orders.append("b");
		awaitReceived("a", "b");
		this.broker.behave("SetCursor");
		awaitCursor(1);
	}

	@Test
	void storesOnePositionAtATimeAndTheLatestWins() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.on("SetCursor", (request, observer, usual) -> held.add(usual));
		start(member().tracking(OffsetTracking.every(1, Duration.ofMillis(20))));
		for (int i = 0; i < 20; i++) {
			this.orders.append("m" + i);
		}
		await().atMost(LONG).until(() -> this.received.size() == 20 && held.size() == 1);
		this.broker.behave("SetCursor");
		held.get(0).run();
		awaitCursor(19);
		assertThat(held).hasSize(1);
		assertThat(this.broker.count("SetCursor")).isLessThanOrEqualTo(3);
	}

	@Test
	void whatIsNewInAPausedPartitionIsDecidedAtOnceToo() {
		this.orders.append("old");
		this.orders.paused(true);
		this.broker.fail("FetchPartitionMetadata",
				Status.FAILED_PRECONDITION.withDescription("Server not partition leader"));
		long before = nanos();
		start(member().from(StartPosition.newOnly()));
		await().atMost(LONG).until(() -> this.cluster.cursors().containsKey("__group:billing:begun,orders,0"));
		assertThat(this.cluster.cursors().get("__group:billing:begun,orders,0"))
			.isBetween(before - Duration.ofMinutes(2).toNanos(), nanos());
	}

	private static long nanos() {
		return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
	}

}
