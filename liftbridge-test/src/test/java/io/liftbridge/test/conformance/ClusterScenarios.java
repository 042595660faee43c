package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.grpc.Status.Code;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Consumer;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StreamMetadata;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each broker of a cluster answers, and what only one of them does.
 */
@ClusterOnly
abstract class ClusterScenarios extends GroupScenarios {

	@Test
	void messagesAreAcceptedByAll() {
		String stream = newStream();
		long offset = 0;
		for (String broker : broker().ids()) {
			assertThat(api(broker).publish(publishRequest(stream).build()).getAck().getOffset()).isEqualTo(offset++);
		}
	}

	@Test
	void changesOfStreamsAreAcceptedByAll() {
		for (String broker : broker().ids()) {
			String stream = uniqueName("stream");
			CreateStreamRequest request = CreateStreamRequest.newBuilder().setName(stream).setSubject(stream).build();
			api(broker).createStream(request);
			assertRefused(Code.ALREADY_EXISTS, "stream already exists", () -> api(broker).createStream(request));
			assertRefused(Code.INVALID_ARGUMENT, "Invalid replicationFactor 9, cluster size 3",
					() -> api(broker).createStream(request.toBuilder().setReplicationFactor(9).build()));
			api(broker).pauseStream(PauseStreamRequest.newBuilder().setName(stream).build());
			api(broker).setStreamReadonly(SetStreamReadonlyRequest.newBuilder().setName(stream).build());
			assertRefused(Code.NOT_FOUND, "partition does not exist", () -> api(broker)
				.pauseStream(PauseStreamRequest.newBuilder().setName(stream).addPartitions(3).build()));
		}
	}

	@Test
	void membersOfGroupsAreAcceptedByAll() {
		String group = uniqueName("group");
		String stream = newStream();
		for (String broker : broker().ids()) {
			JoinConsumerGroupRequest request = JoinConsumerGroupRequest.newBuilder()
				.setGroupId(group)
				.setConsumerId(broker)
				.addStreams(stream)
				.build();
			api(broker).joinConsumerGroup(request);
			assertPrecondition("consumer is already a member of the consumer group",
					() -> api(broker).joinConsumerGroup(request));
		}
	}

	@Test
	void subscriptionIsRefusedByOthersThanTheLeader() {
		String stream = newStreamWith("a");
		assertStatus(subscribeAt(otherThan(leader(stream)), stream, (request) -> request).end(),
				Code.FAILED_PRECONDITION, "Server not partition leader");
	}

	@Test
	void partitionIsDescribedByItsLeaderOnly() {
		String stream = newStream();
		FetchPartitionMetadataRequest request = FetchPartitionMetadataRequest.newBuilder().setStream(stream).build();
		assertPrecondition("The request should be sent to partition leader",
				() -> api(otherThan(leader(stream))).fetchPartitionMetadata(request));
	}

	@Test
	void offsetsAreKnownToReplicasOnly() {
		String stream = newStreamWith("a", "b");
		FetchMetadataRequest request = FetchMetadataRequest.newBuilder().addStreams(stream).build();
		StreamMetadata other = api(otherThan(leader(stream))).fetchMetadata(request).getStreamMetadata(0);
		assertThat(other.getPartitionsOrThrow(0).getLeader()).isEqualTo(leader(stream));
		assertThat(other.getPartitionsOrThrow(0).getNewestOffset()).isNotEqualTo(1);
		assertThat(describe(stream).getPartitionsOrThrow(0).getNewestOffset()).isEqualTo(1);
	}

	@Test
	void cursorsAreKeptByTheLeaderOfTheirPartition() {
		String stream = newStream();
		StreamMetadata cursors = describe("__cursors");
		SetCursorRequest set = SetCursorRequest.newBuilder().setStream(stream).setCursorId("c").setOffset(5).build();
		FetchCursorRequest fetch = FetchCursorRequest.newBuilder().setStream(stream).setCursorId("c").build();
		int partition = ClusterChannel.cursorsPartition("c", stream, 0, cursors.getPartitionsCount());
		String leader = cursors.getPartitionsOrThrow(partition).getLeader();
		String refusal = "Server not leader for cursors partition " + partition;
		assertPrecondition(refusal, () -> api(otherThan(leader)).setCursor(set));
		api(leader).setCursor(set);
		assertPrecondition(refusal, () -> api(otherThan(leader)).fetchCursor(fetch));
		assertThat(api(leader).fetchCursor(fetch).getOffset()).isEqualTo(5);
	}

	@Test
	void assignmentsAreGivenByTheCoordinatorOnly() {
		String group = uniqueName("group");
		String coordinator = join(group, "a", newStream()).getCoordinator();
		FetchConsumerGroupAssignmentsRequest.Builder request = FetchConsumerGroupAssignmentsRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId("a");
		String refusal = "broker is not the consumer group coordinator";
		assertPrecondition(refusal, () -> api(otherThan(coordinator)).fetchConsumerGroupAssignments(request.build()));
		// Before anything else is looked at.
		assertPrecondition(refusal, () -> api(otherThan(coordinator))
			.fetchConsumerGroupAssignments(request.setEpoch(99).setConsumerId("stranger").build()));
	}

	@Test
	void committedMessagesAreDeliveredByReplicas() {
		String stream = newStream((request) -> request.setReplicationFactor(3));
		publish(stream, (request) -> request.setValue(bytes("a")).setAckPolicy(AckPolicy.ALL));
		Subscriber subscriber = subscribeAt(otherThan(leader(stream)), stream,
				(request) -> request.setReadISRReplica(true).setStartPosition(StartPosition.EARLIEST))
			.live();
		assertThat(subscriber.values(1)).containsExactly("a");
		publish(stream, "b");
		assertThat(subscriber.values(1)).containsExactly("b");
	}

	@Test
	void nothingIsDeliveredByABrokerWithoutReplica() {
		String stream = newStreamWith("a");
		Subscriber subscriber = subscribeAt(otherThan(leader(stream)), stream,
				(request) -> request.setReadISRReplica(true).setStartPosition(StartPosition.EARLIEST))
			.live();
		publish(stream, "b");
		assertThat(subscriber.poll(Duration.ofSeconds(2))).isNull();
		assertThat(subscriber.hasEnded()).isFalse();
	}

	@Test
	void membersOfGroupsAreRefusedByReplicas() {
		String stream = newStream((request) -> request.setReplicationFactor(3));
		Consumer consumer = Consumer.newBuilder().setGroupId(uniqueName("group")).setConsumerId("a").build();
		assertStatus(
				subscribeAt(otherThan(leader(stream)), stream,
						(request) -> request.setReadISRReplica(true).setConsumer(consumer))
					.end(),
				Code.INVALID_ARGUMENT, "Consumer groups not compatible with ReadISRReplica");
	}

	@Test
	void commitIsAcknowledgedOnceEnoughReplicasHaveIt() {
		String stream = newStream((request) -> request.setReplicationFactor(3).setMinIsr(int32(3)));
		assertThat(publish(stream, (request) -> request.setAckPolicy(AckPolicy.ALL)).getOffset()).isZero();
		assertThat(describePartition(stream, 0).getHighWatermark()).isZero();
		assertThat(describePartition(stream, 0).getIsrList()).containsExactlyInAnyOrderElementsOf(broker().ids());
	}

	private APIGrpc.APIBlockingStub api(String broker) {
		return APIGrpc.newBlockingStub(broker().channel(broker)).withDeadlineAfter(10, TimeUnit.SECONDS);
	}

	private Subscriber subscribeAt(String broker, String stream, UnaryOperator<SubscribeRequest.Builder> options) {
		return subscribe(APIGrpc.newStub(broker().channel(broker)),
				options.apply(SubscribeRequest.newBuilder().setStream(stream)).build());
	}

	private String leader(String stream) {
		return describe(stream).getPartitionsOrThrow(0).getLeader();
	}

	private String otherThan(String broker) {
		return broker().ids().stream().filter((id) -> !id.equals(broker)).findFirst().orElseThrow();
	}

}
