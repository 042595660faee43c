package io.liftbridge.test.conformance;

import java.time.Duration;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.liftbridge.proto.Consumer;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Subscriptions of group members: one at a time per group and partition.
 */
abstract class GroupSubscriptionScenarios extends Scenarios {

	@Test
	void groupWithoutConsumerIsRefused() {
		assertStatus(subscribe(newStream(), (request) -> request.setConsumer(Consumer.newBuilder().setGroupId("group")))
			.end(), Code.INVALID_ARGUMENT, "Consumer id cannot be empty when group id is provided");
	}

	@Test
	void missingConsumerIsToldBeforeMissingStream() {
		assertStatus(
				subscribe("nope", (request) -> request.setConsumer(Consumer.newBuilder().setGroupId("group"))).end(),
				Code.INVALID_ARGUMENT, "Consumer id cannot be empty when group id is provided");
	}

	@Test
	void consumerWithoutGroupIsIgnored() {
		String stream = newStreamWith("a");
		Subscriber first = member(stream, "", "consumer", 5).live();
		Subscriber second = member(stream, "", "consumer", 1).live();
		assertThat(first.values(1)).containsExactly("a");
		assertThat(second.values(1)).containsExactly("a");
		assertThat(first.hasEnded()).isFalse();
	}

	@Test
	void membershipIsNotChecked() {
		assertThat(member(newStreamWith("a"), uniqueName("group"), "stranger", 99).live().values(1))
			.containsExactly("a");
	}

	@Test
	void sameEpochDisplaces() {
		String stream = newStreamWith("a");
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		first.next();
		Subscriber second = member(stream, group, "second", 5).live();
		assertThat(first.end()).isEqualTo(Status.OK);
		assertThat(second.values(1)).containsExactly("a");
		publish(stream, "b");
		assertThat(second.values(1)).containsExactly("b");
	}

	@Test
	void higherEpochDisplaces() {
		String stream = newStream();
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		Subscriber second = member(stream, group, "second", 6).live();
		assertThat(first.end()).isEqualTo(Status.OK);
		assertThat(second.hasEnded()).isFalse();
	}

	@Test
	void lowerEpochIsRefused() {
		String stream = newStreamWith("a");
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		assertStatus(member(stream, group, "second", 4).end(), Code.FAILED_PRECONDITION,
				"Consumer is not currently assigned this partition");
		assertThat(first.values(1)).containsExactly("a");
		assertThat(first.hasEnded()).isFalse();
	}

	@Test
	void consumerThatSubscribesAgainIsForgottenWhenItsFormerSubscriptionEnds() {
		String stream = newStreamWith("a");
		String group = uniqueName("group");
		Subscriber former = member(stream, group, "same", 5).live();
		Subscriber latter = member(stream, group, "same", 5).live();
		assertThat(former.end()).isEqualTo(Status.OK);
		awaitUntil(() -> isAccepted(member(stream, group, "stale", 4)));
		// Nobody displaces the forgotten one, so both are served now.
		assertThat(latter.values(1)).containsExactly("a");
		publish(stream, "b");
		assertThat(latter.values(1)).containsExactly("b");
	}

	@Test
	void lowerEpochIsAcceptedOnceTheOtherIsGone() {
		String stream = newStreamWith("a");
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		first.cancel();
		awaitUntil(() -> isAccepted(member(stream, group, "second", 4)));
	}

	private static boolean isAccepted(Subscriber subscriber) {
		return subscriber.poll(Duration.ofSeconds(5)) != null;
	}

	@Test
	void refusedSubscriptionDoesNotDisplace() {
		String stream = newStreamWith("a", "b");
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		assertStatus(
				subscribe(stream,
						(request) -> request.setStartPosition(StartPosition.LATEST)
							.setStopPosition(StopPosition.STOP_OFFSET)
							.setStopOffset(0)
							.setConsumer(consumer(group, "second", 6)))
					.end(),
				Code.INVALID_ARGUMENT, "Stop offset is before start offset: 0 < 1");
		publish(stream, "c");
		assertThat(first.values(3)).containsExactly("a", "b", "c");
		assertThat(first.hasEnded()).isFalse();
	}

	@Test
	void staleMemberIsToldBeforeItsPositionsAreChecked() {
		String stream = newStream();
		String group = uniqueName("group");
		member(stream, group, "first", 5).live();
		assertStatus(
				subscribe(stream,
						(request) -> request.setStartPositionValue(9).setConsumer(consumer(group, "second", 4)))
					.end(),
				Code.FAILED_PRECONDITION, "Consumer is not currently assigned this partition");
	}

	@Test
	void groupsAndPartitionsAreIndependent() {
		String stream = newStream((request) -> request.setPartitions(2));
		String group = uniqueName("group");
		Subscriber first = member(stream, group, "first", 5).live();
		Subscriber otherGroup = member(stream, uniqueName("group"), "first", 1).live();
		Subscriber otherPartition = subscribe(stream,
				(request) -> request.setPartition(1).setConsumer(consumer(group, "first", 1)))
			.live();
		publish(stream, "a");
		publish(stream, (request) -> request.setPartition(1).setValue(bytes("b")));
		assertThat(first.values(1)).containsExactly("a");
		assertThat(otherGroup.values(1)).containsExactly("a");
		assertThat(otherPartition.values(1)).containsExactly("b");
	}

	@Test
	void leaderAnswersReplicaReadsOfMembers() {
		Subscriber subscriber = subscribe(newStreamWith("a"),
				(request) -> request.setStartPosition(StartPosition.EARLIEST)
					.setReadISRReplica(true)
					.setConsumer(consumer(uniqueName("group"), "consumer", 1)))
			.live();
		assertThat(subscriber.values(1)).containsExactly("a");
	}

	private Subscriber member(String stream, String group, String consumerId, long epoch) {
		return subscribe(stream, (request) -> request.setStartPosition(StartPosition.EARLIEST)
			.setConsumer(consumer(group, consumerId, epoch)));
	}

	private static Consumer consumer(String group, String consumerId, long epoch) {
		return Consumer.newBuilder().setGroupId(group).setConsumerId(consumerId).setGroupEpoch(epoch).build();
	}

}
