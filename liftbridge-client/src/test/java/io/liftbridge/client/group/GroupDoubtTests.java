package io.liftbridge.client.group;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.grpc.Status;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a member does that was not heard by its coordinator for so long that others may
 * have its partitions.
 */
class GroupDoubtTests extends FakeGroupTest {

	private static final GroupPartition ORDERS = new GroupPartition("orders", 0);

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final AtomicBoolean unheard = new AtomicBoolean();

	private final CountDownLatch entered = new CountDownLatch(1);

	private final CountDownLatch proceed = new CountDownLatch(1);

	@BeforeEach
	void prepareSilence() {
		this.groups.timeout(TIMEOUT);
		this.broker.<FetchConsumerGroupAssignmentsRequest, Object>on("FetchConsumerGroupAssignments",
				(request, observer, usual) -> {
					if (!this.unheard.get()) {
						usual.run();
					}
				});
	}

	@Test
	void beginsNothingMoreBeforeItsPartitionIsKnownToBeItsOwn() throws Exception {
		append("a", "b", "c", "d");
		start(member().handler((message) -> {
			this.received.add(message.text());
			if (message.offset() == 0) {
				this.entered.countDown();
				this.proceed.await();
			}
		}));
		this.entered.await();
		// Somebody else has taken over meanwhile, and come further.
		this.broker.onSubscribe((call) -> call
			.end(Status.FAILED_PRECONDITION.withDescription("Consumer is not currently assigned this partition")));
		this.cluster.cursors().put(CURSOR, 2L);
		int calls = this.broker.subscriberCalls().size();
		silence();
		this.proceed.countDown();
		await().atMost(LONG).until(() -> this.broker.subscriberCalls().size() > calls);
		assertThat(this.received).containsExactly("a");
		assertThat(this.cluster.cursors()).as("not moved back by what was at hand").containsEntry(CURSOR, 2L);
		this.broker.onSubscribe(SubscriberCall::serve);
		this.unheard.set(false);
		awaitReceived("a", "d");
		awaitCursor(3);
	}

	@Test
	void whoTakesListsCanAskInBetweenAndGetsWhatIsLeftAgain() throws Exception {
		append("a", "b");
		CompletableFuture<GroupConsumer> consumer = new CompletableFuture<>();
		consumer.complete(start(member().tracking(OffsetTracking.manual()).batchHandler(10, (messages) -> {
			for (var message : messages) {
				if (!consumer.join().holds(ORDERS)) {
					throw new IllegalStateException("not mine");
				}
				this.received.add(message.text());
				if (this.entered.getCount() > 0) {
					this.entered.countDown();
					this.proceed.await();
				}
			}
		})));
		this.entered.await();
		assertThat(consumer.join().holds(ORDERS)).isTrue();
		assertThat(consumer.join().holds(new GroupPartition("orders", 7))).isFalse();
		silence();
		this.proceed.countDown();
		awaitReceived("a", "a", "b");
		this.unheard.set(false);
		this.orders.append("c");
		await().atMost(LONG).until(() -> this.received.contains("c"));
		assertThat(consumer.join().holds(ORDERS)).isTrue();
		assertThat(this.told.failures).isEmpty();
		assertThat(this.told.events).filteredOn((event) -> !event.startsWith("interrupted"))
			.containsExactly("active orders[0]");
	}

	/** Nobody can take over where nobody coordinates: the leader's word is enough. */
	@Test
	void goesOnWhileNoCoordinatorAnswers() {
		start(member());
		append("a");
		awaitReceived("a");
		silence();
		append("b");
		awaitReceived("a", "b");
		silence();
		append("c");
		awaitReceived("a", "b", "c");
	}

	private void append(String... values) {
		for (String value : values) {
			this.orders.append(value);
		}
	}

	/** Lasts for longer than the group waits. */
	private void silence() {
		this.unheard.set(true);
		await().pollDelay(TIMEOUT.plusMillis(300)).atMost(LONG).until(() -> true);
	}

}
