package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakePartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a member when a stream of its group is deleted, and created anew.
 */
class GroupStreamTests extends FakeGroupTest {

	@BeforeEach
	void tellTimes() {
		this.cluster.created("orders", 1000);
	}

	private void deleteOrders() {
		this.cluster.remove("orders");
		this.groups.assign("billing", "me");
		lastCall().end(Status.NOT_FOUND.withDescription("commit log was deleted"));
	}

	private FakePartition createOrders() {
		this.cluster.created("orders", 2000);
		return this.cluster.stream("orders");
	}

	private long joins() {
		return this.groups.log().stream().filter("join me"::equals).count();
	}

	@Test
	void joinsAgainWhenTheStreamIsCreatedAnewAndReadsItFromItsBeginning() {
		this.orders.append("a");
		this.orders.append("b");
		start(member());
		awaitReceived("a", "b");
		awaitCursor(1);
		deleteOrders();
		FakePartition anew = createOrders();
		for (String text : List.of("c", "d", "e", "f")) {
			anew.append(text);
		}
		awaitReceived("a", "b", "c", "d", "e", "f");
		awaitCursor(3);
		assertThat(this.groups.log()).containsExactly("join me", "leave me", "join me");
	}

	@Test
	void aStreamThatIsGoneForGoodIsToldOnceAndWaitedFor() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		awaitReceived("a");
		deleteOrders();
		await().atMost(LONG).until(() -> this.told.events.contains("deleted orders"));
		this.groups.expire("billing", "me");
		int before = this.broker.count("FetchMetadata");
		await().atMost(LONG).until(() -> this.broker.count("FetchMetadata") > before + 3);
		assertThat(joins()).as("nothing to join with").isEqualTo(1);
		assertThat(this.told.events).filteredOn((event) -> event.startsWith("deleted")).hasSize(1);
		assertThat(consumer.ended()).isNotDone();
		assertThat(consumer.member().isStandby()).isTrue();
		createOrders().append("b");
		awaitReceived("a", "b");
		assertThat(joins()).isEqualTo(2);
	}

	@Test
	void goesOnWithTheOtherStreamsOfTheGroup() {
		FakePartition invoices = this.cluster.stream("invoices");
		this.cluster.created("invoices", 1000);
		start(member().streams("invoices", "orders"));
		invoices.append("a");
		awaitReceived("a");
		this.cluster.remove("orders");
		this.groups.expire("billing", "me");
		await().atMost(LONG).until(() -> this.told.events.contains("deleted orders"));
		invoices.append("b");
		awaitReceived("a", "b");
		await().atMost(LONG).until(() -> joins() == 2);
		createOrders();
		await().atMost(LONG).until(() -> joins() == 3);
	}

	@Test
	void aCursorOfAStreamThatWasReplacedWhileNobodyReadIsVoid() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		awaitReceived("a");
		awaitCursor(0);
		consumer.close();
		this.cluster.remove("orders");
		FakePartition anew = createOrders();
		anew.append("b");
		anew.append("c");
		start(member().from(StartPosition.newOnly()));
		awaitReceived("a", "b", "c");
		awaitCursor(1);
	}

	@Test
	void aCursorThatSaysNothingOfItsStreamIsTrusted() {
		this.orders.append("a");
		this.orders.append("b");
		this.cluster.cursors().put(CURSOR, 0L);
		start(member());
		awaitReceived("b");
	}

	@Test
	void skipsNothingOfTheNewStreamWithoutCursorsEither() {
		start(member().tracking(OffsetTracking.none()).from(StartPosition.newOnly()));
		await().atMost(LONG).until(() -> !this.broker.subscriberCalls().isEmpty());
		this.orders.append("a");
		awaitReceived("a");
		deleteOrders();
		createOrders().append("b");
		awaitReceived("a", "b");
	}

	@Test
	void whatWasProcessedOfTheFormerStreamIsNotStoredForTheNewOne() {
		this.orders.append("a");
		this.orders.append("b");
		start(member().tracking(OffsetTracking.every(1000, Duration.ofHours(1))));
		awaitReceived("a", "b");
		deleteOrders();
		createOrders();
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > 1);
		assertThat(this.cluster.cursors().get(CURSOR)).isEqualTo(-1);
	}

	/** As above, where the server does not say when a stream was created. */
	@Test
	void whatWasProcessedOfLostMessagesIsNotStored() {
		this.cluster.created("orders", 0);
		this.orders.append("a");
		this.orders.append("b");
		this.orders.append("c");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.every(1000, Duration.ofHours(1))));
		awaitReceived("a", "b", "c");
		awaitCursor(0);
		this.cluster.remove("orders");
		this.cluster.stream("orders");
		this.groups.assign("billing", "me", 0);
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > 1);
		assertThat(consumer.close(LONG)).isTrue();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, -1L);
	}

}
