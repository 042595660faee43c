package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.grpc.Status.Code;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Opening subscriptions, and where they begin.
 */
abstract class SubscribeScenarios extends Scenarios {

	@Test
	void firstMessageIsEmpty() {
		assertThat(subscribe(newStream(), (request) -> request).next()).isEqualTo(Message.getDefaultInstance());
	}

	@Test
	void unknownStreamOrPartitionIsNotFound() {
		String stream = newStream();
		assertStatus(subscribe("no-such-stream", (request) -> request).end(), Code.NOT_FOUND, "No such partition");
		assertStatus(subscribe("", (request) -> request).end(), Code.NOT_FOUND, "No such partition");
		assertStatus(subscribe(stream, (request) -> request.setPartition(1)).end(), Code.NOT_FOUND,
				"No such partition");
		assertStatus(subscribe(stream, (request) -> request.setPartition(-1)).end(), Code.NOT_FOUND,
				"No such partition");
	}

	@Test
	void unknownStartPositionIsRefused() {
		assertStatus(subscribe(newStream(), (request) -> request.setStartPositionValue(9)).end(), Code.INVALID_ARGUMENT,
				"Unknown StartPosition 9");
	}

	@Test
	void messageTellsWhereItComesFrom() {
		String subject = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(subject).setPartitions(2));
		Ack ack = publish(stream,
				(request) -> request.setPartition(1)
					.setKey(bytes("key"))
					.setValue(bytes("value"))
					.setCorrelationId("c-1")
					.setAckPolicy(AckPolicy.ALL));
		Message message = subscribe(stream,
				(request) -> request.setPartition(1).setStartPosition(StartPosition.EARLIEST))
			.live()
			.next();
		assertThat(message).isEqualTo(Message.newBuilder()
			.setOffset(0)
			.setKey(bytes("key"))
			.setValue(bytes("value"))
			.setTimestamp(ack.getReceptionTimestamp())
			.setStream(stream)
			.setPartition(1)
			.setSubject(subject + ".1")
			.putHeaders("subject", bytes(subject + ".1"))
			.putHeaders("reply", bytes(""))
			.build());
	}

	@Test
	void newMessagesAreTheDefault() {
		String stream = newStreamWith("a", "b");
		Subscriber subscriber = subscribe(stream, (request) -> request).live();
		publish(stream, "c");
		assertThat(subscriber.values(1)).containsExactly("c");
	}

	@Test
	void newMessagesOfEmptyPartitionStartAtZero() {
		String stream = newStream();
		Subscriber subscriber = subscribe(stream, (request) -> request).live();
		publish(stream, "a");
		publish(stream, "b");
		assertThat(subscriber.offsets(2)).containsExactly(0L, 1L);
	}

	@Test
	void earliestIsTheOldestMessage() {
		assertThat(subscribeFromEarliest(newStreamWith("a", "b", "c")).values(3)).containsExactly("a", "b", "c");
	}

	@Test
	void earliestOfEmptyPartitionWaitsForTheFirst() {
		String stream = newStream();
		Subscriber subscriber = subscribeFromEarliest(stream);
		publish(stream, "a");
		assertThat(subscriber.values(1)).containsExactly("a");
	}

	@Test
	void latestIncludesTheNewestMessage() {
		String stream = newStreamWith("a", "b");
		Subscriber subscriber = subscribe(stream, (request) -> request.setStartPosition(StartPosition.LATEST)).live();
		publish(stream, "c");
		assertThat(subscriber.values(2)).containsExactly("b", "c");
	}

	@Test
	void latestOfEmptyPartitionWaitsForTheFirst() {
		String stream = newStream();
		Subscriber subscriber = subscribe(stream, (request) -> request.setStartPosition(StartPosition.LATEST)).live();
		publish(stream, "a");
		assertThat(subscriber.values(1)).containsExactly("a");
	}

	@Test
	void offsetIsIncluded() {
		String stream = newStreamWith("a", "b", "c");
		assertThat(subscribeFrom(stream, 1).values(2)).containsExactly("b", "c");
		assertThat(subscribeFrom(stream, 0).values(3)).containsExactly("a", "b", "c");
	}

	@Test
	void negativeOffsetIsTheFirst() {
		assertThat(subscribeFrom(newStreamWith("a", "b"), -5).values(2)).containsExactly("a", "b");
	}

	@Test
	void offsetRightBehindTheEndWaits() {
		String stream = newStreamWith("a", "b");
		Subscriber subscriber = subscribeFrom(stream, 2);
		publish(stream, "c");
		assertThat(subscriber.offsets(1)).containsExactly(2L);
	}

	@Test
	void offsetFarBehindTheEndIsNotHonoured() {
		String stream = newStreamWith("a", "b", "c", "d", "e");
		Subscriber subscriber = subscribeFrom(stream, 10);
		publish(stream, "f");
		publish(stream, "g");
		assertThat(subscriber.offsets(2)).containsExactly(5L, 6L);
	}

	@Test
	void timestampOfMessageIncludesIt() {
		String stream = newStream();
		publish(stream, "a");
		Ack second = publish(stream, "b");
		publish(stream, "c");
		assertThat(subscribeSince(stream, second.getReceptionTimestamp()).values(2)).containsExactly("b", "c");
	}

	@Test
	void timestampBetweenMessagesStartsAtTheLaterOne() {
		String stream = newStream();
		Ack first = publish(stream, "a");
		publish(stream, "b");
		assertThat(subscribeSince(stream, first.getReceptionTimestamp() + 1).values(1)).containsExactly("b");
	}

	@Test
	void timestampBeforeAllMessagesStartsAtTheFirst() {
		String stream = newStreamWith("a", "b");
		assertThat(subscribeSince(stream, 1).values(2)).containsExactly("a", "b");
		assertThat(subscribeSince(stream, 0).values(2)).containsExactly("a", "b");
		assertThat(subscribeSince(stream, -1).values(2)).containsExactly("a", "b");
	}

	@Test
	void timestampInTheFutureStartsAtTheNextMessage() {
		String stream = newStream();
		long now = publish(stream, "a").getReceptionTimestamp();
		Subscriber subscriber = subscribeSince(stream, now + Duration.ofHours(1).toNanos());
		publish(stream, "b");
		assertThat(subscriber.values(1)).containsExactly("b");
	}

	@Test
	void timestampOnEmptyPartitionStartsAtTheNextMessage() {
		String stream = newStream();
		Subscriber subscriber = subscribeSince(stream, 1);
		publish(stream, "a");
		assertThat(subscriber.values(1)).containsExactly("a");
	}

	@Test
	void subscribersDoNotDisturbEachOther() {
		String stream = newStreamWith("a", "b");
		Subscriber first = subscribeFromEarliest(stream);
		Subscriber second = subscribeFromEarliest(stream);
		first.next();
		first.cancel();
		assertThat(second.values(2)).containsExactly("a", "b");
		publish(stream, "c");
		assertThat(second.values(1)).containsExactly("c");
	}

	@Test
	void leaderAnswersReplicaReads() {
		String stream = newStreamWith("a");
		Subscriber subscriber = subscribe(stream,
				(request) -> request.setStartPosition(StartPosition.EARLIEST).setReadISRReplica(true))
			.live();
		assertThat(subscriber.values(1)).containsExactly("a");
	}

	@Test
	void onlyCommittedMessagesAreDelivered() {
		String stream = newStream((request) -> request.setMinIsr(int32(2)));
		Subscriber subscriber = subscribeFromEarliest(stream);
		assertThat(codeOf(
				() -> api(Duration.ofSeconds(2)).publish(publishRequest(stream).setAckPolicy(AckPolicy.ALL).build())))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(subscriber.poll(Duration.ofMillis(200))).isNull();
		assertThat(describePartition(stream, 0).getNewestOffset()).isZero();
		assertThat(describePartition(stream, 0).getHighWatermark()).isEqualTo(-1);
	}

	@Test
	void messageOfTheLeaderExposesUncommittedOnesBeforeIt() {
		String stream = newStream((request) -> request.setMinIsr(int32(2)));
		apiWithoutDeadline().publish(publishRequest(stream).setAckPolicy(AckPolicy.ALL).build());
		awaitUntil(() -> describePartition(stream, 0).getNewestOffset() == 0);
		assertThat(publish(stream, "leader").getOffset()).isEqualTo(1);
		assertThat(subscribeFromEarliest(stream).offsets(2)).containsExactly(0L, 1L);
	}

	@Test
	void ownDeadlineEndsTheSubscriptionOneWayOrAnother() {
		String stream = newStreamWith("a");
		Subscriber subscriber = subscribe(APIGrpc.newStub(broker().channel()).withDeadlineAfter(1, TimeUnit.SECONDS),
				SubscribeRequest.newBuilder().setStream(stream).build());
		assertThat(subscriber.end().getCode()).isIn(Code.OK, Code.DEADLINE_EXCEEDED, Code.CANCELLED);
	}

	@Test
	void manyMessagesArriveCompleteAndInOrder() {
		String stream = newStream();
		Pipe pipe = openPipe();
		Subscriber subscriber = subscribeFromEarliest(stream);
		for (int count = 0; count < 2000; count++) {
			pipe.send(publishRequest(stream).setAckPolicy(AckPolicy.NONE));
		}
		List<Long> offsets = subscriber.offsets(2000);
		assertThat(offsets).isSorted().doesNotHaveDuplicates().startsWith(0L).endsWith(1999L);
	}

	private Subscriber subscribeFrom(String stream, long offset) {
		return subscribe(stream, (request) -> request.setStartPosition(StartPosition.OFFSET).setStartOffset(offset))
			.live();
	}

	private Subscriber subscribeSince(String stream, long timestamp) {
		return subscribe(stream,
				(request) -> request.setStartPosition(StartPosition.TIMESTAMP).setStartTimestamp(timestamp))
			.live();
	}

}
