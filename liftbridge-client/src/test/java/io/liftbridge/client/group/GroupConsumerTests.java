package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakeGroups;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a member when its coordinator, the leader of its partition, or its
 * handler does what it should not.
 */
class GroupConsumerTests extends FakeClusterTest {

	private static final String CURSOR = "__group:billing,orders,0";

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final Told told = new Told();

	private FakeGroups groups;

	@BeforeEach
	void prepareGroups() {
		this.cluster.stream("__cursors");
		this.groups = this.cluster.groups();
	}

	private GroupConsumerBuilder member() {
		return this.client.group("billing")
			.streams("orders")
			.consumerId("me")
			.from(StartPosition.earliest())
			.tracking(OffsetTracking.every(Duration.ofMillis(100)))
			.listener(this.told)
			.handler((message) -> this.received.add(message.text()));
	}

	private GroupConsumer start(GroupConsumerBuilder builder) {
		GroupConsumer consumer = builder.start();
		get(consumer.started());
		return consumer;
	}

	private SubscriberCall lastCall() {
		List<SubscriberCall> calls = this.broker.subscriberCalls();
		return calls.get(calls.size() - 1);
	}

	private void awaitReceived(String... values) {
		await().atMost(LONG).untilAsserted(() -> assertThat(this.received).containsExactly(values));
	}

	private void awaitCursor(long offset) {
		await().atMost(LONG).untilAsserted(() -> assertThat(this.cluster.cursors()).containsEntry(CURSOR, offset));
	}

	@Test
	void readsItsPartitionsAsAMemberAndKeepsTheCursorAsGoLiftbridgeDoes() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		this.orders.append("b");
		awaitReceived("a", "b");
		awaitCursor(1);
		assertThat(consumer.member().partitions()).containsExactly(new GroupPartition("orders", 0));
		assertThat(consumer.member().coordinator()).isEqualTo("b1");
		assertThat(lastCall().request().getConsumer().getGroupId()).isEqualTo("billing");
		assertThat(lastCall().request().getConsumer().getConsumerId()).startsWith("me/");
		assertThat(lastCall().request().getConsumer().getGroupEpoch()).isEqualTo(this.groups.epoch());
	}

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
	void followsTheEpochPromptlyAndDeliversNothingTwice() {
		this.orders.append("a");
		start(member());
		awaitReceived("a");
		int calls = this.broker.subscriberCalls().size();
		this.groups.assign("billing", "me", 0);
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > calls);
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(lastCall().request().getConsumer().getGroupEpoch())
				.isEqualTo(this.groups.epoch()));
		this.orders.append("b");
		awaitReceived("a", "b");
		assertThat(this.groups.log()).as("it never left").containsExactly("join me");
		assertThat(this.told.events).doesNotContain("standby orders[0]");
	}

	@Test
	void joinsAgainAfterItWasRemoved() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		awaitReceived("a");
		awaitCursor(0);
		this.groups.expire("billing", "me");
		await().atMost(LONG).until(() -> this.groups.log().size() == 2);
		assertThat(this.groups.log()).containsExactly("join me", "join me");
		this.orders.append("b");
		awaitReceived("a", "b");
		assertThat(this.told.events).anyMatch((event) -> event.startsWith("interrupted 1"));
		assertThat(consumer.ended()).isNotDone();
	}

	@Test
	void takesThePlaceOfATwinThatHasCrashed() {
		this.groups.assign("billing", "me", 0);
		start(member());
		assertThat(this.groups.log()).containsExactly("leave me", "join me");
	}

	@Test
	void aDisplacedMemberStopsAndLearnsWhoseThePartitionIs() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		awaitReceived("a");
		this.groups.assign("billing", "other", 0);
		this.groups.assign("billing", "me");
		lastCall().end(Status.OK);
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		await().atMost(LONG).until(() -> consumer.member().isStandby());
		this.orders.append("b");
		awaitCursor(0);
		this.groups.assign("billing", "me", 0);
		awaitReceived("a", "b");
	}

	@Test
	void aFencedMemberAsksForTheEpochAndTriesAgain() {
		AtomicInteger refused = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			if (call.request().getConsumer().getGroupEpoch() < 5) {
				refused.incrementAndGet();
				call.end(Status.FAILED_PRECONDITION
					.withDescription("Consumer is not currently assigned this partition"));
			}
			else {
				call.serve();
			}
		});
		this.orders.append("a");
		start(member());
		await().atMost(LONG).until(() -> refused.get() > 1);
		this.groups.assign("billing", "me", 0);
		this.groups.assign("billing", "me", 0);
		this.groups.assign("billing", "me", 0);
		awaitReceived("a");
	}

	@Test
	void goesOnBehindWhatAnotherMemberHasProcessedInBetween() {
		this.orders.append("a");
		start(member());
		awaitReceived("a");
		awaitCursor(0);
		lastCall().end(Status.UNAVAILABLE);
		this.broker.onSubscribe((call) -> call.end(Status.UNAVAILABLE));
		this.orders.append("by another");
		this.cluster.cursors().put(CURSOR, 1L);
		this.broker.onSubscribe(SubscriberCall::serve);
		this.groups.assign("billing", "me", 0);
		this.orders.append("c");
		await().atMost(LONG).until(() -> this.received.contains("c"));
		awaitCursor(2);
	}

	@Test
	void storesTheCursorBeforeItGivesAPartitionUpAndWaitsForTheHandler() throws Exception {
		CountDownLatch entered = new CountDownLatch(2);
		CountDownLatch proceed = new CountDownLatch(1);
		this.orders.append("a");
		this.orders.append("b");
		this.orders.append("c");
		start(member().tracking(OffsetTracking.every(Duration.ofHours(1))).handler((message) -> {
			entered.countDown();
			if (message.offset() == 1) {
				proceed.await();
			}
			this.received.add(message.text());
		}));
		assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		int heartbeats = this.broker.count("FetchConsumerGroupAssignments");
		this.groups.assign("billing", "me");
		awaitCursor(0);
		await().atMost(LONG).until(() -> this.broker.count("FetchConsumerGroupAssignments") > heartbeats + 3);
		assertThat(this.told.events).doesNotContain("standby orders[0]");
		proceed.countDown();
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		assertThat(this.received).containsExactly("a", "b");
	}

	@Test
	void doesNotMoveTheCursorBackWhenTheNextOwnerHasComeFurther() throws Exception {
		this.orders.append("a");
		start(member().tracking(OffsetTracking.every(Duration.ofHours(1))));
		awaitReceived("a");
		this.orders.append("b");
		awaitReceived("a", "b");
		this.cluster.cursors().put(CURSOR, 9L);
		this.groups.assign("billing", "me");
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 9L);
	}

	@Test
	void closingStoresTheCursorThenLeaves() {
		this.orders.append("a");
		List<String> order = new CopyOnWriteArrayList<>();
		this.broker.<SetCursorRequest, Object>on("SetCursor", (request, observer, usual) -> {
			order.add("cursor " + request.getOffset());
			usual.run();
		});
		this.broker.on("LeaveConsumerGroup", (request, observer, usual) -> {
			order.add("leave");
			usual.run();
		});
		GroupConsumer consumer = start(member().tracking(OffsetTracking.every(1000, Duration.ofHours(1))));
		awaitReceived("a");
		awaitCursor(0);
		this.orders.append("b");
		awaitReceived("a", "b");
		assertThat(consumer.close(LONG)).isTrue();
		assertThat(order).containsExactly("cursor 0", "cursor 1", "leave");
		assertThat(this.groups.consumers("billing")).isEmpty();
		assertThat(consumer.ended()).isCompleted();
		assertThat(consumer.close(LONG)).as("the second call is free").isTrue();
	}

	@Test
	void closingTheClientLeavesTheGroup() {
		start(member());
		this.client.close();
		assertThat(this.groups.log()).containsExactly("join me", "leave me");
	}

	@Test
	void closingWhileAJoinIsUnderWayLeavesTheGroup() {
		List<Runnable> joins = new CopyOnWriteArrayList<>();
		this.broker.on("JoinConsumerGroup", (request, observer, usual) -> joins.add(usual));
		GroupConsumer consumer = member().start();
		await().atMost(LONG).until(() -> joins.size() == 1);
		CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> consumer.close(LONG));
		await().during(Duration.ofMillis(200)).atMost(LONG).until(() -> !consumer.ended().isDone());
		joins.get(0).run();
		assertThat(get(closed)).isTrue();
		assertThat(this.groups.log()).containsExactly("join me", "leave me");
	}

	@Test
	void aPositionCommittedWhileThePartitionIsGivenUpIsStored() {
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		CountDownLatch proceed = new CountDownLatch(1);
		this.orders.append("a");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.manual()).handler((message) -> {
			messages.add(message);
			proceed.await();
		}));
		await().atMost(LONG).until(() -> messages.size() == 1);
		int heartbeats = this.broker.count("FetchConsumerGroupAssignments");
		this.groups.assign("billing", "me");
		await().atMost(LONG).until(() -> this.broker.count("FetchConsumerGroupAssignments") > heartbeats + 3);
		get(consumer.commit(messages.get(0)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
		proceed.countDown();
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
	}

	@Test
	void aHandlerMayCloseTheConsumer() {
		this.orders.append("a");
		CompletableFuture<GroupConsumer> self = new CompletableFuture<>();
		GroupConsumer consumer = member().handler((message) -> self.get().close()).start();
		self.complete(consumer);
		get(consumer.ended());
		assertThat(this.groups.log()).containsExactly("join me", "leave me");
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
	}

	@Test
	void closingDoesNotWaitForAHandlerForEver() throws Exception {
		this.orders.append("a");
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		GroupConsumer consumer = member().handler((message) -> {
			entered.countDown();
			proceed.await();
		}).start();
		assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(consumer.close(Duration.ofSeconds(1))).isFalse();
		await().atMost(LONG).until(() -> this.groups.log().contains("leave me"));
		proceed.countDown();
	}

	@Test
	void aHandlerThatFailsGetsTheMessageAgainAndOthersAreNotDisturbed() {
		this.cluster.remove("orders");
		this.cluster.stream("orders", 2).get(0).append("poison");
		this.cluster.stream("orders", 2);
		AtomicBoolean failing = new AtomicBoolean(true);
		start(member().handler((message) -> {
			if (failing.get()) {
				throw new IllegalStateException("no database");
			}
			this.received.add(message.text());
		}));
		await().atMost(LONG).until(() -> this.told.failures.size() >= 2);
		assertThat(this.told.failures).allSatisfy((failure) -> assertThat(failure).hasMessage("no database"));
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		failing.set(false);
		awaitReceived("poison");
		awaitCursor(0);
	}

	@Test
	void saysAtOnceThatTheServerKeepsNoCursors() {
		this.cluster.remove("__cursors");
		client(builder());
		GroupConsumer consumer = member().start();
		assertThat(failure(consumer.ended())).isInstanceOf(CursorsDisabledException.class)
			.hasMessageContaining("cursors.stream.partitions");
		assertThat(this.groups.log()).containsExactly("join me", "leave me");
	}

	@Test
	void needsNoCursorsWhereTheUserKeepsThePosition() {
		this.cluster.remove("__cursors");
		client(builder());
		this.orders.append("a");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.none()));
		awaitReceived("a");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(consumer::commit)
			.withMessageContaining("none()");
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
	void refusesWhatCannotBe() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.group("a b"))
			.withMessageContaining("Group name");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.group("g").handler((message) -> {
			}).start())
			.withMessageContaining("streams(...)");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.group("g").streams("orders").start())
			.withMessageContaining("handler(...)");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> member().prefetch(0).start())
			.withMessageContaining("prefetch");
		assertThat(this.groups.log()).isEmpty();
	}

	/** Notes what the listener is told. */
	private static final class Told implements ConsumerUpdateListener {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private final List<Throwable> failures = new CopyOnWriteArrayList<>();

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
		public void onInterrupted(GroupMember member, LiftbridgeException reason, int attempt) {
			this.events.add("interrupted " + attempt + " " + reason.getMessage());
		}

		@Override
		public void onFailure(GroupMember member, GroupPartition partition, Throwable failure) {
			this.failures.add(failure);
		}

	}

}
