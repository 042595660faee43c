package io.liftbridge.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.grpc.StatusRuntimeException;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.PartitionAssignment;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GroupsTests extends BrokerTest {

	@BeforeEach
	void createStreams() {
		this.client.create("s3", 3);
		this.client.create("s2", 2);
	}

	@Override
	protected EmbeddedBroker.Builder configure(EmbeddedBroker.Builder builder) {
		return builder.consumerTimeout(Duration.ofSeconds(10)).coordinatorTimeout(Duration.ofSeconds(7));
	}

	private static JoinConsumerGroupRequest joining(String group, String consumer, String... streams) {
		return JoinConsumerGroupRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.addAllStreams(List.of(streams))
			.build();
	}

	private long join(String group, String consumer, String... streams) {
		return this.client.call().joinConsumerGroup(joining(group, consumer, streams)).getEpoch();
	}

	private static LeaveConsumerGroupRequest leaving(String group, String consumer) {
		return LeaveConsumerGroupRequest.newBuilder().setGroupId(group).setConsumerId(consumer).build();
	}

	private static FetchConsumerGroupAssignmentsRequest asking(String group, String consumer, long epoch) {
		return FetchConsumerGroupAssignmentsRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.setEpoch(epoch)
			.build();
	}

	private Map<String, List<Integer>> assignments(String group, String consumer, long epoch) {
		FetchConsumerGroupAssignmentsResponse response = this.client.call()
			.fetchConsumerGroupAssignments(asking(group, consumer, epoch));
		assertThat(response.getEpoch()).isEqualTo(epoch);
		return response.getAssignmentsList()
			.stream()
			.collect(Collectors.toMap(PartitionAssignment::getStream, PartitionAssignment::getPartitionsList));
	}

	private ConsumerGroupMetadata metadata(String group) {
		return this.client.call()
			.fetchMetadata(FetchMetadataRequest.newBuilder().addGroups(group).build())
			.getGroupMetadata(0);
	}

	@Test
	void aNewGroupStartsAtEpochZeroAndThenLeaps() {
		JoinConsumerGroupResponse first = this.client.call().joinConsumerGroup(joining("g", "a", "s3", "s2"));
		assertThat(first).isEqualTo(JoinConsumerGroupResponse.newBuilder()
			.setCoordinator("embedded")
			.setEpoch(0)
			.setConsumerTimeout(10_000_000_000L)
			.setCoordinatorTimeout(7_000_000_000L)
			.build());
		assertThat(assignments("g", "a", 0)).isEqualTo(Map.of("s3", List.of(0, 1, 2), "s2", List.of(0, 1)));
		long second = join("g", "b", "s3");
		long third = join("g", "c", "s3");
		assertThat(second).isGreaterThan(1);
		assertThat(third).isGreaterThan(second + 1);
		assertThat(metadata("g").getEpoch()).isEqualTo(third);
		assertThat(metadata("g").getCoordinator()).isEqualTo("embedded");
	}

	@Test
	void refusesToJoinWithoutNamesOrTwiceOrUnknownStreams() {
		assertThat(joinFailure("", "", "s3")).isEqualTo("INVALID_ARGUMENT No groupId provided");
		assertThat(joinFailure("g", "", "s3")).isEqualTo("INVALID_ARGUMENT No consumerId provided");
		assertThat(joinFailure("g", "a")).isEqualTo("INVALID_ARGUMENT No streams provided");
		assertThat(joinFailure("g", "a", "nope")).isEqualTo("FAILED_PRECONDITION stream does not exist");
		join("g", "a", "s3");
		assertThat(joinFailure("g", "a", "nope"))
			.isEqualTo("FAILED_PRECONDITION consumer is already a member of the consumer group");
		assertThat(joinFailure("g", "b", "s3", "nope")).isEqualTo("FAILED_PRECONDITION stream does not exist");
	}

	private String joinFailure(String group, String consumer, String... streams) {
		return this.client.failure((call) -> call.joinConsumerGroup(joining(group, consumer, streams)));
	}

	@Test
	void leavesAndRebalances() {
		join("g", "a", "s3");
		long both = join("g", "b", "s3");
		assertThat(assignments("g", "a", both)).isEqualTo(Map.of("s3", List.of(0, 2)));
		this.client.call().leaveConsumerGroup(leaving("g", "a"));
		long alone = metadata("g").getEpoch();
		assertThat(alone).isGreaterThan(both);
		assertThat(assignments("g", "b", alone)).isEqualTo(Map.of("s3", List.of(0, 1, 2)));
		this.client.call().leaveConsumerGroup(leaving("g", "b"));
		assertThat(metadata("g").getError()).isEqualTo(ConsumerGroupMetadata.Error.UNKNOWN_GROUP);
		assertThat(join("g", "b", "s3")).isZero();
	}

	@Test
	void refusesToLeaveWhatOneIsNotIn() {
		assertThat(leaveFailure("", "")).isEqualTo("INVALID_ARGUMENT No groupId provided");
		assertThat(leaveFailure("g", "")).isEqualTo("INVALID_ARGUMENT No consumerId provided");
		assertThat(leaveFailure("g", "a")).isEqualTo("NOT_FOUND consumer group does not exist");
		join("g", "a", "s3");
		assertThat(leaveFailure("g", "b"))
			.isEqualTo("FAILED_PRECONDITION consumer is not a member of the consumer group");
	}

	private String leaveFailure(String group, String consumer) {
		return this.client.failure((call) -> call.leaveConsumerGroup(leaving(group, consumer)));
	}

	@Test
	void tellsAssignmentsToMembersThatAreUpToDate() {
		assertThat(assignmentsFailure("", "", 0)).isEqualTo("INVALID_ARGUMENT No groupId provided");
		assertThat(assignmentsFailure("g", "", 0)).isEqualTo("INVALID_ARGUMENT No consumerId provided");
		assertThat(assignmentsFailure("g", "a", 0)).isEqualTo("NOT_FOUND consumer group does not exist");
		join("g", "a", "s3");
		assertThat(assignmentsFailure("g", "x", 9))
			.isEqualTo("FAILED_PRECONDITION client-provided group epoch differs from broker group epoch");
		assertThat(assignmentsFailure("g", "x", 0))
			.isEqualTo("FAILED_PRECONDITION consumer is not a member of the consumer group");
		for (String consumer : List.of("b", "c", "d")) {
			join("g", consumer, "s3");
		}
		assertThat(assignments("g", "d", metadata("g").getEpoch())).isEmpty();
	}

	private String assignmentsFailure(String group, String consumer, long epoch) {
		return this.client.failure((call) -> call.fetchConsumerGroupAssignments(asking(group, consumer, epoch)));
	}

	@Test
	void deletionOfASubscribedStreamBumpsTheEpoch() {
		this.client.create("other", 1);
		join("g", "a", "s3", "s2");
		this.client.delete("other");
		assertThat(metadata("g").getEpoch()).isZero();
		this.client.delete("s3");
		long epoch = metadata("g").getEpoch();
		assertThat(epoch).isGreaterThan(1);
		assertThat(assignments("g", "a", epoch)).isEqualTo(Map.of("s2", List.of(0, 1)));
		this.client.create("s3", 3);
		assertThat(assignments("g", "a", epoch)).isEqualTo(Map.of("s2", List.of(0, 1)));
	}

	@Test
	void findsNoOtherCoordinator() {
		join("g", "a", "s3");
		long epoch = join("g", "b", "s3");
		assertThat(reportFailure("", "", "", 0)).isEqualTo("INVALID_ARGUMENT No groupId provided");
		assertThat(reportFailure("g", "", "", 0)).isEqualTo("INVALID_ARGUMENT No consumerId provided");
		assertThat(reportFailure("g", "a", "", 0)).isEqualTo("INVALID_ARGUMENT No coordinator provided");
		assertThat(reportFailure("nog", "a", "embedded", 0))
			.isEqualTo("FAILED_PRECONDITION No such consumer group nog");
		assertThat(reportFailure("g", "a", "b", epoch))
			.isEqualTo("FAILED_PRECONDITION Coordinator generation mismatch, current coordinator: embedded epoch: "
					+ epoch + ", got coordinator: b epoch: " + epoch);
		assertThat(reportFailure("g", "zz", "embedded", epoch))
			.isEqualTo("FAILED_PRECONDITION Consumer zz is not a member of consumer group g");
		report("a", epoch);
		report("a", epoch);
		assertThat(reportFailure("g", "b", "embedded", epoch))
			.isEqualTo("FAILED_PRECONDITION No group coordinator candidates");
	}

	private void report(String consumer, long epoch) {
		this.client.call().reportConsumerGroupCoordinator(reporting("g", consumer, "embedded", epoch));
	}

	private String reportFailure(String group, String consumer, String coordinator, long epoch) {
		return this.client
			.failure((call) -> call.reportConsumerGroupCoordinator(reporting(group, consumer, coordinator, epoch)));
	}

	private static ReportConsumerGroupCoordinatorRequest reporting(String group, String consumer, String coordinator,
			long epoch) {
		return ReportConsumerGroupCoordinatorRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.setCoordinator(coordinator)
			.setEpoch(epoch)
			.build();
	}

	@Test
	void removesSilentConsumersOnly() {
		try (EmbeddedBroker impatient = EmbeddedBroker.builder().consumerTimeout(Duration.ofSeconds(2)).start();
				RawClient other = new RawClient(impatient)) {
			other.create("s3", 3);
			other.call().joinConsumerGroup(joining("g", "silent", "s3"));
			long[] epoch = { other.call().joinConsumerGroup(joining("g", "talks", "s3")).getEpoch() };
			// The epoch may rise between the two questions.
			Awaitility.await()
				.pollInterval(Duration.ofMillis(50))
				.ignoreException(StatusRuntimeException.class)
				.until(() -> {
					epoch[0] = other.call()
						.fetchMetadata(FetchMetadataRequest.newBuilder().addGroups("g").build())
						.getGroupMetadata(0)
						.getEpoch();
					return other.call()
						.fetchConsumerGroupAssignments(asking("g", "talks", epoch[0]))
						.getAssignments(0)
						.getPartitionsCount() == 3;
				});
			assertThat(other.failure((call) -> call.leaveConsumerGroup(leaving("g", "silent"))))
				.contains("not a member");
			other.call().leaveConsumerGroup(leaving("g", "talks"));
		}
	}

	@Test
	void aFailingHeartbeatDoesNotKeepAlive() {
		try (EmbeddedBroker impatient = EmbeddedBroker.builder().consumerTimeout(Duration.ofMillis(300)).start();
				RawClient other = new RawClient(impatient)) {
			other.create("s3", 3);
			other.call().joinConsumerGroup(joining("g", "a", "s3"));
			Awaitility.await()
				.pollInterval(Duration.ofMillis(20))
				.until(() -> other.failure((call) -> call.fetchConsumerGroupAssignments(asking("g", "a", 99)))
					.startsWith("NOT_FOUND"));
		}
	}

	@Test
	void survivesARestart() {
		join("g", "a", "s3");
		long epoch = join("g", "b", "s2");
		this.broker.restart();
		assertThat(assignments("g", "a", epoch)).isEqualTo(Map.of("s3", List.of(0, 1, 2)));
		assertThat(metadata("g").getEpoch()).isEqualTo(epoch);
	}

}
