package io.liftbridge.test.conformance;

import io.grpc.Status.Code;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Describing brokers, streams, partitions and groups.
 */
abstract class MetadataScenarios extends Scenarios {

	@Test
	void brokersAreListedWithTheirAddresses() {
		FetchMetadataResponse metadata = api().fetchMetadata(FetchMetadataRequest.getDefaultInstance());
		assertThat(metadata.getBrokersList()).extracting((broker) -> broker.getHost() + ":" + broker.getPort())
			.containsExactlyInAnyOrderElementsOf(broker().addresses());
		assertThat(metadata.getBrokersList()).extracting(Broker::getId).doesNotContain("").doesNotHaveDuplicates();
	}

	@Test
	void partitionsNameOneOfTheBrokersAsLeader() {
		String stream = newStream();
		FetchMetadataResponse metadata = fetch(stream);
		PartitionMetadata partition = metadata.getStreamMetadata(0).getPartitionsOrThrow(0);
		String leader = partition.getLeader();
		assertThat(metadata.getBrokersList()).extracting(Broker::getId).contains(leader);
		assertThat(partition.getReplicasList()).containsExactly(leader);
		assertThat(partition.getIsrList()).containsExactly(leader);
	}

	@Test
	void allStreamsAreListedByDefault() {
		String first = newStream();
		String second = newStream();
		assertThat(fetch().getStreamMetadataList()).extracting(StreamMetadata::getName)
			.contains(first, second, "__cursors");
	}

	@Test
	void cursorsStreamHasItsConfiguredPartitions() {
		StreamMetadata cursors = describe("__cursors");
		assertThat(cursors.getError()).isEqualTo(StreamMetadata.Error.OK);
		assertThat(cursors.getPartitionsCount()).isEqualTo(BrokerUnderTest.CURSOR_PARTITIONS);
	}

	@Test
	void onlyNamedStreamsAreListed() {
		String first = newStream();
		newStream();
		String third = newStream();
		assertThat(fetch(first, third).getStreamMetadataList()).extracting(StreamMetadata::getName)
			.containsExactlyInAnyOrder(first, third);
	}

	@Test
	void streamNamedTwiceIsListedTwice() {
		String stream = newStream();
		assertThat(fetch(stream, stream).getStreamMetadataList()).extracting(StreamMetadata::getName)
			.containsExactly(stream, stream);
	}

	@Test
	void unknownStreamIsAnEntryWithAnError() {
		String known = newStream();
		String unknown = uniqueName("unknown");
		FetchMetadataResponse metadata = fetch(known, unknown);
		assertThat(metadata.getStreamMetadataList()).hasSize(2)
			.contains(
					StreamMetadata.newBuilder().setName(unknown).setError(StreamMetadata.Error.UNKNOWN_STREAM).build());
	}

	@Test
	void groupsAreListedOnlyIfNamed() {
		assertThat(fetch().getGroupMetadataList()).isEmpty();
	}

	@Test
	void unknownGroupIsAnEntryWithAnError() {
		String group = uniqueName("group");
		assertThat(
				api().fetchMetadata(FetchMetadataRequest.newBuilder().addGroups(group).build()).getGroupMetadataList())
			.containsExactly(ConsumerGroupMetadata.newBuilder()
				.setGroupId(group)
				.setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP)
				.build());
	}

	@Test
	void offsetsFollowThePublishedMessages() {
		String stream = newStream();
		for (int count = 0; count < 3; count++) {
			publish(stream, (request) -> request.setAckPolicy(AckPolicy.ALL));
		}
		PartitionMetadata partition = describe(stream).getPartitionsOrThrow(0);
		assertThat(partition.getNewestOffset()).isEqualTo(2);
		assertThat(partition.getHighWatermark()).isEqualTo(2);
		assertThat(describePartition(stream, 0)).isEqualTo(partition);
	}

	@Test
	void eventTimestampsAreAlwaysPresentAndZeroForNever() {
		PartitionMetadata partition = describe(newStream()).getPartitionsOrThrow(0);
		assertThat(partition.hasMessagesReceivedTimestamps()).isTrue();
		assertThat(partition.getMessagesReceivedTimestamps().getFirstTimestamp()).isZero();
		assertThat(partition.hasPauseTimestamps()).isTrue();
		assertThat(partition.hasReadonlyTimestamps()).isTrue();
	}

	@Test
	void receivedMessagesAreTimestamped() {
		String stream = newStreamWith("a");
		long first = describe(stream).getPartitionsOrThrow(0).getMessagesReceivedTimestamps().getFirstTimestamp();
		assertThat(first).isPositive();
		publish(stream, "b");
		PartitionMetadata partition = describe(stream).getPartitionsOrThrow(0);
		assertThat(partition.getMessagesReceivedTimestamps().getFirstTimestamp()).isEqualTo(first);
		assertThat(partition.getMessagesReceivedTimestamps().getLatestTimestamp()).isGreaterThan(first);
	}

	@Test
	void partitionIsDescribedByItsLeader() {
		String stream = newStream((request) -> request.setPartitions(2));
		publish(stream, (request) -> request.setPartition(1));
		PartitionMetadata partition = describePartition(stream, 1);
		assertThat(partition.getId()).isEqualTo(1);
		assertThat(partition.getNewestOffset()).isZero();
		assertThat(partition.getPaused()).isFalse();
		assertThat(partition.getReadonly()).isFalse();
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void unknownPartitionIsNotFound() {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "partition not found", () -> describePartition(stream, 1));
		assertRefused(Code.NOT_FOUND, "partition not found", () -> describePartition(stream, -1));
		assertRefused(Code.NOT_FOUND, "partition not found", () -> describePartition("no-such-stream", 0));
		assertRefused(Code.NOT_FOUND, "partition not found", () -> describePartition("", 0));
	}

	private FetchMetadataResponse fetch(String... streams) {
		FetchMetadataRequest.Builder request = FetchMetadataRequest.newBuilder();
		for (String stream : streams) {
			request.addStreams(stream);
		}
		return api().fetchMetadata(request.build());
	}

}
