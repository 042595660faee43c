package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.grpc.Status.Code;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Joining, leaving and staying in consumer groups.
 */
abstract class GroupMembershipScenarios extends GroupScenarios {

	private final String group = uniqueName("group");

	@Test
	void firstMemberCreatesTheGroup() {
		List<Broker> brokers = api().fetchMetadata(FetchMetadataRequest.getDefaultInstance()).getBrokersList();
		JoinConsumerGroupResponse response = join(this.group, "a", newStream());
		assertThat(brokers).extracting(Broker::getId).contains(response.getCoordinator());
		assertThat(response.getEpoch()).isZero();
		assertThat(response.getConsumerTimeout()).isEqualTo(BrokerUnderTest.CONSUMER_TIMEOUT.toNanos());
		assertThat(response.getCoordinatorTimeout()).isEqualTo(Duration.ofSeconds(15).toNanos());
		assertThat(describeGroup(this.group)).isEqualTo(ConsumerGroupMetadata.newBuilder()
			.setGroupId(this.group)
			.setCoordinator(response.getCoordinator())
			.setEpoch(0)
			.build());
	}

	@Test
	void missingArgumentsOfJoinAreRefused() {
		assertRefused(Code.INVALID_ARGUMENT, "No groupId provided", () -> join("", "", new String[0]));
		assertRefused(Code.INVALID_ARGUMENT, "No consumerId provided", () -> join(this.group, "", new String[0]));
		assertRefused(Code.INVALID_ARGUMENT, "No streams provided", () -> join(this.group, "a", new String[0]));
	}

	@Test
	void unknownStreamIsRefused() {
		String stream = newStream();
		assertPrecondition("stream does not exist", () -> join(this.group, "a", "no-such-stream"));
		assertPrecondition("stream does not exist", () -> join(this.group, "a", stream, "no-such-stream"));
		assertThat(exists(this.group)).isFalse();
	}

	@Test
	void streamCanBeNamedTwice() {
		String stream = newStream((request) -> request.setPartitions(3));
		join(this.group, "a", stream, stream);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(stream, List.of(0, 1, 2)));
	}

	@Test
	void cursorsStreamCanBeSubscribedTo() {
		join(this.group, "a", "__cursors");
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of("__cursors", List.of(0, 1, 2)));
	}

	@Test
	void existingMembershipIsToldBeforeUnknownStream() {
		join(this.group, "a", newStream());
		assertThat(codeOf(() -> join(this.group, "a", "no-such-stream"))).isEqualTo(Code.FAILED_PRECONDITION);
	}

	@Test
	void memberCannotJoinAgain() {
		String stream = newStream();
		join(this.group, "a", stream);
		assertPrecondition("consumer is already a member of the consumer group", () -> join(this.group, "a", stream));
	}

	@Test
	void memberCanJoinAgainOnceItLeft() {
		String stream = newStream();
		join(this.group, "a", stream);
		join(this.group, "b", stream);
		leave(this.group, "a");
		assertThat(join(this.group, "a", stream).getEpoch()).isPositive();
	}

	@Test
	void eachChangeOfMembersRaisesTheEpoch() {
		String stream = newStream();
		long first = join(this.group, "a", stream).getEpoch();
		long second = join(this.group, "b", stream).getEpoch();
		long third = join(this.group, "c", stream).getEpoch();
		assertThat(second).isGreaterThan(first);
		assertThat(third).isGreaterThan(second);
		assertThat(epoch(this.group)).isEqualTo(third);
		leave(this.group, "b");
		assertThat(epoch(this.group)).isGreaterThan(third);
	}

	@Test
	void groupEndsWithItsLastMember() {
		String stream = newStream();
		join(this.group, "a", stream);
		join(this.group, "b", stream);
		leave(this.group, "a");
		assertThat(exists(this.group)).isTrue();
		leave(this.group, "b");
		assertThat(exists(this.group)).isFalse();
		assertRefused(Code.NOT_FOUND, NO_GROUP, () -> leave(this.group, "b"));
		assertThat(join(this.group, "a", stream).getEpoch()).isZero();
	}

	@Test
	void refusalsOfLeaveAreTold() {
		join(this.group, "a", newStream());
		assertRefused(Code.INVALID_ARGUMENT, "No groupId provided", () -> leave("", ""));
		assertRefused(Code.INVALID_ARGUMENT, "No consumerId provided", () -> leave(this.group, ""));
		assertRefused(Code.NOT_FOUND, NO_GROUP, () -> leave(uniqueName("group"), "a"));
		assertPrecondition(NOT_MEMBER, () -> leave(this.group, "b"));
	}

	@Test
	void refusalsOfFetchAreTold() {
		join(this.group, "a", newStream());
		long epoch = epoch(this.group);
		assertRefused(Code.INVALID_ARGUMENT, "No groupId provided", () -> fetch("", "", 0));
		assertRefused(Code.INVALID_ARGUMENT, "No consumerId provided", () -> fetch(this.group, "", 0));
		assertRefused(Code.NOT_FOUND, NO_GROUP, () -> fetch(uniqueName("group"), "a", 0));
		assertPrecondition(NOT_MEMBER, () -> fetch(this.group, "b", epoch));
		assertPrecondition(EPOCH_DIFFERS, () -> fetch(this.group, "a", epoch + 1));
		assertPrecondition(EPOCH_DIFFERS, () -> fetch(this.group, "b", epoch + 1));
	}

	@Test
	void staleEpochIsRefusedAndThePresentOneAnswered() {
		String stream = newStream();
		long stale = join(this.group, "a", stream).getEpoch();
		long present = join(this.group, "b", stream).getEpoch();
		assertPrecondition(EPOCH_DIFFERS, () -> fetch(this.group, "a", stale));
		assertThat(fetch(this.group, "a", present).getEpoch()).isEqualTo(present);
	}

	@Test
	void memberWithoutPartitionsGetsAnEmptyList() {
		String stream = newStream();
		join(this.group, "a", stream);
		join(this.group, "b", stream);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(stream, List.of(0)));
		assertThat(assignments(this.group, "b")).isEmpty();
	}

	@Test
	void reportOfCoordinatorIsChecked() {
		String stream = newStream();
		JoinConsumerGroupResponse joined = join(this.group, "a", stream);
		String coordinator = joined.getCoordinator();
		assertRefused(Code.INVALID_ARGUMENT, "No groupId provided", () -> report("", "", "", 0));
		assertRefused(Code.INVALID_ARGUMENT, "No consumerId provided", () -> report(this.group, "", "", 0));
		assertRefused(Code.INVALID_ARGUMENT, "No coordinator provided", () -> report(this.group, "a", "", 0));
		assertPrecondition("No such consumer group nope", () -> report("nope", "a", coordinator, 0));
		assertPrecondition("Coordinator generation mismatch, current coordinator: " + coordinator
				+ " epoch: 0, got coordinator: other epoch: 0", () -> report(this.group, "a", "other", 0));
		assertPrecondition("Coordinator generation mismatch, current coordinator: " + coordinator
				+ " epoch: 0, got coordinator: " + coordinator + " epoch: 7",
				() -> report(this.group, "a", coordinator, 7));
		assertPrecondition("Consumer zz is not a member of consumer group " + this.group,
				() -> report(this.group, "zz", coordinator, 0));
	}

	@Test
	@SingleBrokerOnly("another broker of a cluster takes over")
	void coordinatorOfSingleBrokerCannotBeReplaced() {
		String coordinator = join(this.group, "a", newStream()).getCoordinator();
		assertPrecondition("No group coordinator candidates", () -> report(this.group, "a", coordinator, 0));
	}

	@Test
	void reportOfMinorityIsCountedOnly() {
		String stream = newStream();
		String coordinator = join(this.group, "a", stream).getCoordinator();
		long epoch = join(this.group, "b", stream).getEpoch();
		report(this.group, "a", coordinator, epoch);
		report(this.group, "a", coordinator, epoch);
		assertThat(epoch(this.group)).isEqualTo(epoch);
		assertThat(describeGroup(this.group).getCoordinator()).isEqualTo(coordinator);
	}

	@Test
	void reportOfMajorityReplacesTheCoordinatorIfThereIsAnother() {
		String stream = newStream();
		String coordinator = join(this.group, "a", stream).getCoordinator();
		long epoch = join(this.group, "b", stream).getEpoch();
		report(this.group, "a", coordinator, epoch);
		if (broker().isCluster()) {
			report(this.group, "b", coordinator, epoch);
			assertThat(describeGroup(this.group).getCoordinator()).isNotEqualTo(coordinator);
			assertThat(epoch(this.group)).isGreaterThan(epoch);
			assertThat(assignments(this.group, "a")).isEqualTo(Map.of(stream, List.of(0)));
		}
		else {
			assertPrecondition("No group coordinator candidates", () -> report(this.group, "b", coordinator, epoch));
		}
	}

	@Test
	void silentMemberIsRemovedWhileFetchingOneStays() {
		String stream = newStream((request) -> request.setPartitions(2));
		join(this.group, "busy", stream);
		long epoch = join(this.group, "silent", stream).getEpoch();
		awaitUntil(() -> codeOf(() -> fetch(this.group, "busy", epoch)) == Code.FAILED_PRECONDITION);
		assertThat(assignments(this.group, "busy")).isEqualTo(Map.of(stream, List.of(0, 1)));
		assertPrecondition(NOT_MEMBER, () -> assignments(this.group, "silent"));
	}

	@Test
	void failingFetchDoesNotKeepAlive() {
		long epoch = join(this.group, "a", newStream()).getEpoch();
		awaitUntil(() -> {
			assertThat(codeOf(() -> fetch(this.group, "a", epoch + 1))).isIn(Code.FAILED_PRECONDITION, Code.NOT_FOUND);
			return !exists(this.group);
		});
	}

	private void report(String group, String consumer, String coordinator, long epoch) {
		api().reportConsumerGroupCoordinator(ReportConsumerGroupCoordinatorRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.setCoordinator(coordinator)
			.setEpoch(epoch)
			.build());
	}

}
