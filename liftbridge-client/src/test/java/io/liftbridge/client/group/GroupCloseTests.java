package io.liftbridge.client.group;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a member does before it leaves.
 */
class GroupCloseTests extends FakeGroupTest {

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

	/** The first attempt may have been carried out after all. */
	@Test
	void closingBetweenTwoAttemptsToJoinLeavesTheGroup() {
		Duration pause = Duration.ofMinutes(10);
		client(builder().retryPolicy(new RetryPolicy(pause, 1, pause, 0)));
		this.broker.on("JoinConsumerGroup", (request, observer, usual) -> this.groups.assign("billing", "me", 0));
		GroupConsumer consumer = member().start();
		await().atMost(LONG).until(() -> this.told.events.stream().anyMatch((e) -> e.startsWith("interrupted 1")));
		assertThat(consumer.close(LONG)).isTrue();
		assertThat(this.groups.log()).containsExactly("leave me");
		assertThat(this.groups.consumers("billing")).isEmpty();
	}

	@Test
	void closingBeforeAnybodyCouldBeAskedIsQuick() {
		this.broker.kill();
		client(builder());
		GroupConsumer consumer = member().start();
		await().atMost(LONG).until(() -> this.told.events.stream().anyMatch((e) -> e.startsWith("interrupted 1")));
		assertThat(consumer.close(Duration.ofHours(1))).isTrue();
	}

	/** However long it was given for that. */
	@Test
	void whoeverHasClosedIsKeptByNoTimer() {
		client(builder().requestTimeout(Duration.ofSeconds(1)));
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		awaitReceived("a");
		WeakReference<GroupConsumer> reference = new WeakReference<>(consumer);
		assertThat(consumer.close(Duration.ofHours(1))).isTrue();
		consumer = null;
		await().atMost(LONG).until(() -> {
			System.gc();
			return reference.get() == null;
		});
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

	/** It is no member any more, and somebody else may have come further. */
	@Test
	void aHandlerThatReturnsAfterTheMemberHasLeftDoesNotMoveTheCursorBack() throws Exception {
		this.orders.append("a");
		this.orders.append("b");
		CountDownLatch entered = new CountDownLatch(2);
		CountDownLatch proceed = new CountDownLatch(1);
		GroupConsumer consumer = member().handler((message) -> {
			entered.countDown();
			if (message.offset() == 1) {
				proceed.await();
			}
		}).start();
		assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(consumer.close(Duration.ofSeconds(1))).isFalse();
		get(consumer.ended());
		this.cluster.cursors().put(CURSOR, 20L);
		proceed.countDown();
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 20L);
	}

}
