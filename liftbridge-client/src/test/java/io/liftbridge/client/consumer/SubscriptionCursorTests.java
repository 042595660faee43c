package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.grpc.Status;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that keep their position in a cursor.
 */
class SubscriptionCursorTests extends FakeClusterTest {

	private static final String CURSOR = "billing,orders,0";

	private static final String BEGUN = "billing:begun,orders,0";

	private static final OffsetTracking SELDOM = OffsetTracking.every(1000, Duration.ofDays(1));

	private final Collector collector = new Collector();

	@BeforeEach
	void storeCursors() {
		this.cluster.stream("__cursors");
	}

	private SubscriptionBuilder subscribe() {
		return this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.cursor("billing")
			.tracking(SELDOM)
			.handler(this.collector);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private void awaitReceived(int messages) {
		await().atMost(LONG).until(() -> this.collector.size() == messages);
	}

	private void awaitCursor(long number) {
		await().atMost(LONG).until(() -> Long.valueOf(number).equals(this.cluster.cursors().get(CURSOR)));
	}

	private SubscriberCall lastCall() {
		List<SubscriberCall> calls = this.broker.subscriberCalls();
		return calls.get(calls.size() - 1);
	}

	@Test
	void goesOnWhereItWasLeft() {
		store(3);
		Subscription first = subscribe().start();
		awaitReceived(3);
		assertThat(first.close(LONG)).isTrue();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
		store(2);
		subscribe().start();
		awaitReceived(5);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L);
	}

	@Test
	void beginsAtTheStartIfNothingIsStored() {
		store(5);
		subscribe().from(StartPosition.offset(3)).start();
		awaitReceived(2);
		assertThat(this.collector.offsets()).containsExactly(3L, 4L);
	}

	@Test
	void remembersWhatWasNewBeforeTheFirstMessage() {
		store(3);
		Subscription first = subscribe().from(StartPosition.newOnly()).start();
		get(first.started());
		first.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
		store(2);
		subscribe().from(StartPosition.newOnly()).start();
		awaitReceived(2);
		assertThat(this.collector.offsets()).containsExactly(3L, 4L);
	}

	@Test
	void remembersATimeBeforeTheFirstMessage() {
		Instant time = Instant.ofEpochSecond(3);
		Subscription first = subscribe().cursor("billing", CursorConvention.NEXT_OFFSET)
			.from(StartPosition.at(time))
			.start();
		get(first.started());
		first.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(BEGUN, 3_000_000_000L).doesNotContainKey(CURSOR);
		store(5);
		subscribe().cursor("billing", CursorConvention.NEXT_OFFSET).from(StartPosition.newOnly()).start();
		awaitReceived(3);
		assertThat(this.collector.offsets()).containsExactly(2L, 3L, 4L);
	}

	@Test
	void storesTheNextOffsetWhereThatIsTheConvention() {
		store(3);
		Subscription first = subscribe().cursor("billing", CursorConvention.NEXT_OFFSET).start();
		awaitReceived(3);
		first.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 3L);
		store(1);
		subscribe().cursor("billing", CursorConvention.NEXT_OFFSET).start();
		awaitReceived(4);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L);
	}

	/** This is what Gufo Liftbridge stores before it has read anything. */
	@Test
	void aStoredNextOffsetOfZeroIsNothing() {
		this.cluster.cursors().put(CURSOR, 0L);
		store(2);
		subscribe().cursor("billing", CursorConvention.NEXT_OFFSET).from(StartPosition.offset(1)).start();
		awaitReceived(1);
		assertThat(this.collector.offsets()).containsExactly(1L);
	}

	@Test
	void storesWhatIsProcessedAfterSoManyMessages() {
		store(1);
		subscribe().tracking(OffsetTracking.every(3, Duration.ofDays(1))).start();
		awaitCursor(0);
		store(2);
		awaitReceived(3);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
		store(1);
		awaitCursor(3);
	}

	@Test
	void storesWhatIsProcessedAfterSoMuchTime() {
		subscribe().tracking(OffsetTracking.every(Duration.ofMillis(20))).start();
		store(1);
		awaitCursor(0);
		store(1);
		awaitCursor(1);
	}

	@Test
	void storesBatchesWhenTheirHandlerHasReturned() {
		store(4);
		CountDownLatch returns = new CountDownLatch(1);
		subscribe().tracking(OffsetTracking.every(1, Duration.ofMillis(10))).batchHandler(10, (messages) -> {
			returns.await();
			messages.clear();
		}).start();
		await().atMost(LONG).until(() -> !this.broker.subscriberCalls().isEmpty());
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		returns.countDown();
		awaitCursor(3);
	}

	@Test
	void commitsByHand() {
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		store(4);
		Subscription subscription = subscribe().tracking(OffsetTracking.manual())
			.filter((message) -> message.offset() != 3)
			.handler(messages::add)
			.start();
		await().atMost(LONG).until(() -> subscription.lastProcessed() == 3);
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		get(subscription.commit(messages.get(1)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(subscription.commit(messages.get(0)));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
		get(subscription.commit());
		assertThat(this.cluster.cursors()).as("beyond what was filtered out").containsEntry(CURSOR, 3L);
		store(1);
		await().atMost(LONG).until(() -> messages.size() == 4);
		subscription.close(LONG);
		assertThat(this.cluster.cursors()).as("not stored by itself").containsEntry(CURSOR, 3L);
		get(subscription.commit(messages.get(3)));
		assertThat(this.cluster.cursors()).as("late, by whom it was left to").containsEntry(CURSOR, 4L);
	}

	@Test
	void goesBeyondWhatIsFilteredOut() {
		store(5);
		Subscription first = subscribe().filter((message) -> message.offset() < 2).start();
		await().atMost(LONG).until(() -> first.lastProcessed() == 4);
		first.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 4L);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L);
	}

	@Test
	void aMessageWhoseHandlerFailsIsDeliveredAgain() {
		store(3);
		Subscription first = subscribe().handler((message) -> {
			if (message.offset() == 1) {
				throw new IllegalStateException("broken");
			}
		}).start();
		assertThat(first.ended()).failsWithin(LONG);
		assertThat(this.cluster.cursors()).as("stored before the end is told").containsEntry(CURSOR, 0L);
		subscribe().start();
		awaitReceived(2);
		assertThat(this.collector.offsets()).containsExactly(1L, 2L);
	}

	@Test
	void storesTheMessageThatWasBeingHandledWhenItWasClosed() throws Exception {
		CountDownLatch returns = new CountDownLatch(1);
		CountDownLatch handles = new CountDownLatch(1);
		store(3);
		Subscription subscription = subscribe().handler((message) -> {
			if (message.offset() == 1) {
				handles.countDown();
				returns.await();
			}
		}).start();
		handles.await();
		assertThat(subscription.close(Duration.ofMillis(10))).isFalse();
		awaitCursor(0);
		returns.countDown();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
	}

	/** Whoever did not wait for the handler may be reading on long since. */
	@Test
	void aLateHandlerDoesNotMoveTheCursorBack() throws Exception {
		CountDownLatch returns = new CountDownLatch(1);
		CountDownLatch handles = new CountDownLatch(1);
		store(3);
		Subscription late = subscribe().handler((message) -> {
			handles.countDown();
			returns.await();
		}).start();
		handles.await();
		late.close(Duration.ZERO);
		Subscription next = subscribe().start();
		awaitReceived(3);
		next.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
		returns.countDown();
		get(late.ended());
		late.close();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
	}

	@Test
	void closesInTimeAlthoughTheCursorCannotBeStored() {
		store(1);
		Subscription subscription = subscribe().tracking(OffsetTracking.manual()).start();
		awaitReceived(1);
		this.broker.hang("SetCursor");
		CompletableFuture<Void> committed = subscription.commit();
		assertThat(subscription.close(Duration.ofMillis(50))).isFalse();
		assertThat(subscription.ended()).isNotDone();
		this.client.close(Duration.ZERO);
		get(subscription.ended());
		assertThat(committed).failsWithin(LONG);
	}

	@Test
	void theClientStoresPositionsBeforeItCloses() {
		store(3);
		subscribe().tracking(OffsetTracking.every(2, Duration.ofDays(1))).start();
		awaitReceived(3);
		this.client.close();
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 2L);
	}

	@Test
	void aCursorThatCannotBeStoredIsReportedAndTriedAgain() {
		List<LiftbridgeException> failures = new CopyOnWriteArrayList<>();
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		store(1);
		subscribe().listener(new SubscriptionListener() {

			@Override
			public void onCursorFailure(Subscription subscription, LiftbridgeException reason) {
				failures.add(reason);
			}

		}).start();
		await().atMost(LONG).until(() -> failures.size() >= 2);
		assertThat(failures.get(0)).hasMessageContaining("disk is full")
			.hasMessageContaining("cursor 'billing' of stream 'orders' partition 0");
		this.broker.behave("SetCursor");
		awaitCursor(0);
	}

	@Test
	void survivesALostConnectionWhileAWriteIsUnderWay() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.on("SetCursor", (request, observer, usual) -> held.add(usual));
		store(2);
		subscribe().tracking(OffsetTracking.every(1, Duration.ofDays(1))).start();
		await().atMost(LONG).until(() -> held.size() == 1);
		this.broker.behave("SetCursor");
		this.broker.kill();
		store(2);
		this.broker.start();
		awaitReceived(4);
		awaitCursor(3);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L);
	}

	@Test
	void waitsForTheBrokerThatKeepsTheCursor() {
		this.cluster.cursors().put(CURSOR, 0L);
		store(2);
		this.broker.kill();
		Subscription subscription = subscribe().start();
		assertThat(subscription.started()).isNotDone();
		this.broker.start();
		awaitReceived(1);
		assertThat(this.collector.offsets()).containsExactly(1L);
	}

	@Test
	void goesOnWithTheOldestMessageIfThoseAtTheCursorWereRemoved() {
		this.cluster.cursors().put(CURSOR, 3L);
		this.orders.beginAt(10);
		store(2);
		Subscription subscription = subscribe().start();
		awaitReceived(2);
		subscription.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 11L);
		assertThat(this.collector.offsets()).containsExactly(10L, 11L);
	}

	@Test
	void readsFromTheBeginningIfTheCursorIsOfAnotherStreamOfTheSameName() {
		this.cluster.cursors().put(CURSOR, 17L);
		store(2);
		Subscription first = subscribe().from(StartPosition.newOnly()).start();
		awaitReceived(2);
		first.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 1L);
	}

	/** Until its first message is processed nothing but the mark says that it is new. */
	@Test
	void readsFromTheBeginningAgainIfItWasClosedBeforeTheFirstMessageOfTheNewStream() {
		this.cluster.cursors().put(CURSOR, 17L);
		Subscription first = subscribe().from(StartPosition.offset(1)).start();
		get(first.started());
		first.close(LONG);
		store(3);
		subscribe().from(StartPosition.offset(1)).start();
		awaitReceived(3);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@Test
	void aStreamThatIsDeletedIsReadFromItsBeginningWhenItIsThereAgain() {
		store(2);
		Subscription first = subscribe().start();
		awaitReceived(2);
		this.cluster.remove("orders");
		lastCall().end(Status.NOT_FOUND.withDescription("stream deleted"));
		assertThat(failure(first.ended())).hasMessageContaining("deleted");
		FakePartition anew = this.cluster.stream("orders");
		for (int i = 0; i < 4; i++) {
			anew.append("n" + i);
		}
		Subscription second = subscribe().from(StartPosition.newOnly()).start();
		awaitReceived(6);
		assertThat(this.collector.values()).containsExactly("m0", "m1", "n0", "n1", "n2", "n3");
		second.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 3L);
	}

	@Test
	void noticesThatTheStreamWasCreatedAnewWhileTheBrokerWasAway() {
		store(2);
		Subscription first = subscribe().start();
		awaitReceived(2);
		this.broker.kill();
		this.cluster.remove("orders");
		FakePartition anew = this.cluster.stream("orders");
		this.cluster.created("orders", 2_000_000_000L);
		for (int i = 0; i < 4; i++) {
			anew.append("n" + i);
		}
		this.broker.start();
		assertThat(failure(first.ended())).hasMessageContaining("created anew")
			.hasMessageContaining("stream 'orders'")
			.hasMessageContaining("Subscribe again");
		subscribe().start();
		awaitReceived(6);
		assertThat(this.collector.values()).containsExactly("m0", "m1", "n0", "n1", "n2", "n3");
	}

	/** What was processed of the lost messages says nothing of those in their place. */
	@Test
	void readsFromTheBeginningAgainAfterTheLeaderHasLostMessages() {
		this.broker.onSubscribe((call) -> {
			call.live();
			call.send(message(0, 1));
			call.send(message(1, 2));
		});
		store(2);
		Subscription first = subscribe().start();
		awaitReceived(2);
		lastCall().send(message(1, 3));
		assertThat(failure(first.ended())).hasMessageContaining("begins again");
		this.broker.onSubscribe(SubscriberCall::serve);
		subscribe().start();
		awaitReceived(4);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 0L, 1L);
	}

	private static Message message(long offset, long time) {
		return Message.newBuilder().setStream("orders").setOffset(offset).setTimestamp(time).build();
	}

	@Test
	void endsAtOnceIfTheCursorIsBehindTheStop() {
		store(4);
		Subscription first = subscribe().until(StopPosition.latest()).start();
		assertThat(get(first.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 3L);
		Subscription second = subscribe().from(StartPosition.newOnly()).until(StopPosition.latest()).start();
		assertThat(get(second.ended())).isEqualTo(EndReason.STOP_REACHED);
		store(1);
		Subscription third = subscribe().until(StopPosition.offset(4)).start();
		assertThat(get(third.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L);
	}

	@Test
	void usesNoCursorWithoutTracking() {
		this.cluster.cursors().put(CURSOR, 0L);
		store(2);
		Subscription subscription = subscribe().tracking(OffsetTracking.none()).start();
		awaitReceived(2);
		subscription.close(LONG);
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 0L);
	}

	@Test
	void saysThatCursorsAreSwitchedOff() {
		this.cluster.remove("__cursors");
		assertThat(failure(subscribe().start().started())).isInstanceOf(CursorsDisabledException.class);
	}

	@Test
	void refusesWhatMakesNoSense() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().reverse().start())
			.withMessageContaining("reverse")
			.withMessageContaining("billing");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.subscribe("orders").tracking(SELDOM).handler(this.collector).start())
			.withMessageContaining("cursor(...)");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().cursor("a,b"))
			.withMessageContaining("a,b");
		Subscription plain = this.client.subscribe("orders").handler(this.collector).start();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(plain::commit)
			.withMessageContaining("stream 'orders' partition 0")
			.withMessageContaining("cursor(...)");
		this.cluster.stream("others").append("x");
		ReceivedMessage<byte[]> other = this.client.consumer("others").from(StartPosition.earliest()).iterator().next();
		Subscription subscription = subscribe().start();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscription.commit(other))
			.withMessageContaining("others");
	}

}
