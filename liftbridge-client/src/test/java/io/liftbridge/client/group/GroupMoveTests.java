package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a member does when partitions move, when it is removed, displaced or fenced.
 */
class GroupMoveTests extends FakeGroupTest {

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

	/**
	 * One that was frozen may tell what was before, and hand out what others have now.
	 */
	@Test
	void doesNotGoBackToAnEpochThatIsOver() {
		this.groups.assign("billing", "me", 0);
		this.groups.expire("billing", "me");
		GroupConsumer consumer = start(member());
		this.groups.assign("billing", "me", 0);
		this.groups.assign("billing", "me", 0);
		long epoch = this.groups.epoch();
		await().atMost(LONG).until(() -> consumer.member().epoch() == epoch);
		AtomicInteger lookedUp = new AtomicInteger();
		List<Long> asked = new CopyOnWriteArrayList<>();
		this.broker.<FetchConsumerGroupAssignmentsRequest, Object>on("FetchConsumerGroupAssignments",
				(request, observer, usual) -> {
					asked.add(request.getEpoch());
					observer.onError(Status.UNAVAILABLE.asRuntimeException());
				});
		this.broker.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			if (request.getGroupsCount() == 0) {
				usual.run();
				return;
			}
			lookedUp.incrementAndGet();
			observer.onNext(this.cluster.metadata()
				.toBuilder()
				.addGroupMetadata(ConsumerGroupMetadata.newBuilder()
					.setGroupId("billing")
					.setCoordinator("b1")
					.setEpoch(epoch - 2))
				.build());
			observer.onCompleted();
		});
		await().atMost(LONG).until(() -> lookedUp.get() > 2);
		assertThat(asked).isNotEmpty().containsOnly(epoch);
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
		// Else it may overwrite what is put there.
		awaitCursor(0);
		this.orders.append("b");
		awaitReceived("a", "b");
		this.cluster.cursors().put(CURSOR, 9L);
		this.groups.assign("billing", "me");
		await().atMost(LONG).until(() -> this.told.events.contains("standby orders[0]"));
		assertThat(this.cluster.cursors()).containsEntry(CURSOR, 9L);
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

}
