package io.liftbridge.client.group;

import java.time.Duration;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Members that are told to read elsewhere, to wait, or to leave everything to one.
 */
class GroupSeekTests extends FakeGroupTest {

	private static final GroupPartition ORDERS = new GroupPartition("orders", 0);

	@Test
	void goesOnElsewhereAndTheCursorFollowsAlsoBackwards() {
		this.orders.append("a");
		this.orders.append("b");
		this.orders.append("c");
		GroupConsumer consumer = start(member());
		awaitReceived("a", "b", "c");
		awaitCursor(2);
		get(consumer.seek(ORDERS, StartPosition.offset(1)));
		awaitReceived("a", "b", "c", "b", "c");
		awaitCursor(2);
		get(consumer.seek(ORDERS, StartPosition.earliest()));
		awaitReceived("a", "b", "c", "b", "c", "a", "b", "c");
		assertThat(this.told.events).doesNotContain("standby orders[0]");
	}

	@Test
	void aPlaceOutlastsTheMember() {
		this.orders.append("a");
		this.orders.append("b");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.manual()));
		awaitReceived("a", "b");
		get(consumer.commit(ORDERS, 1));
		consumer.pause(ORDERS);
		get(consumer.seek(ORDERS, StartPosition.offset(1)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
		consumer.close();
		start(member().consumerId("next"));
		awaitReceived("a", "b", "b");
	}

	@Test
	void aPlaceBeyondTheEndOutlastsTheMember() {
		this.orders.append("a");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.manual()));
		awaitReceived("a");
		get(consumer.seek(ORDERS, StartPosition.offset(3)));
		consumer.close();
		int calls = this.broker.subscriberCalls().size();
		start(member().consumerId("next"));
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > calls);
		this.orders.append("b");
		this.orders.append("c");
		this.orders.append("d");
		awaitReceived("a", "d");
	}

	@Test
	void aPartitionThatIsBegunAgainIsGivenUpInGoodOrderAndTakenOnce() {
		this.orders.append("a");
		this.orders.append("b");
		GroupConsumer consumer = start(member());
		awaitReceived("a", "b");
		consumer.restart(ORDERS);
		consumer.restart(new GroupPartition("orders", 7));
		await().atMost(LONG)
			.until(() -> this.told.events.stream().filter((event) -> event.equals("active orders[0]")).count() == 2);
		assertThat(this.told.events).containsSubsequence("active orders[0]", "standby orders[0]", "active orders[0]");
		this.orders.append("c");
		awaitReceived("a", "b", "c");
		assertThat(consumer.member().partitions()).containsExactly(ORDERS);
	}

	@Test
	void onlyWhoReadsAPartitionCanBeToldToReadItElsewhere() {
		GroupConsumer consumer = start(member());
		assertThat(failure(consumer.seek(new GroupPartition("orders", 7), StartPosition.earliest())))
			.hasMessageContaining("orders[7]");
		assertThat(failure(consumer.commit(new GroupPartition("orders", 7), 3))).hasMessageContaining("orders[7]");
	}

	@Test
	void aPausedPartitionIsNotReadUntilItIsResumedAlsoIfTheGroupIsSharedOutAnew() {
		GroupConsumer consumer = start(member());
		await().atMost(LONG).until(() -> this.told.events.contains("active orders[0]"));
		await().atMost(LONG).until(() -> !this.broker.subscriberCalls().isEmpty());
		consumer.pause(ORDERS);
		int calls = this.broker.subscriberCalls().size();
		this.groups.assign("billing", "other");
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > calls);
		this.orders.append("a");
		assertThat(consumer.member().partitions()).containsExactly(ORDERS);
		assertThat(this.received).isEmpty();
		consumer.resume(ORDERS);
		awaitReceived("a");
	}

	@Test
	void oneMemberReadsAllPartitionsIfItHasTheFirst() {
		this.cluster.remove("orders");
		this.cluster.stream("orders", 3);
		GroupConsumer consumer = start(
				member().singleActive(true).tracking(OffsetTracking.every(Duration.ofMillis(50))));
		this.groups.assign("billing", "me", 0);
		this.groups.assign("billing", "other", 1, 2);
		await().atMost(LONG).until(() -> consumer.member().partitions().size() == 3);
		this.groups.assign("billing", "other", 0, 1);
		this.groups.assign("billing", "me", 2);
		await().atMost(LONG).until(() -> consumer.member().isStandby());
	}

}
