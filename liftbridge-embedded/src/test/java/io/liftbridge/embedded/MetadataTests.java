package io.liftbridge.embedded;

import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PartitionEventTimestamps;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataTests extends BrokerTest {

	private FetchMetadataResponse fetch(FetchMetadataRequest.Builder request) {
		return this.client.call().fetchMetadata(request.build());
	}

	@Test
	void tellsAllStreamsWithTheReservedOne() {
		this.client.create("a", 1);
		this.client.create("b", 2);
		assertThat(fetch(FetchMetadataRequest.newBuilder()).getStreamMetadataList()).extracting(StreamMetadata::getName)
			.containsExactlyInAnyOrder("__cursors", "a", "b");
	}

	@Test
	void tellsTheBroker() {
		this.client.create("a", 3);
		assertThat(fetch(FetchMetadataRequest.newBuilder()).getBrokersList()).singleElement().satisfies((self) -> {
			assertThat(self.getId()).isEqualTo("embedded");
			assertThat(self.getHost()).isEqualTo("127.0.0.1");
			assertThat(self.getPort()).isEqualTo(this.broker.port());
			assertThat(self.getPartitionCount()).isEqualTo(4);
			assertThat(self.getLeaderCount()).isEqualTo(4);
		});
	}

	@Test
	void describesAStream() {
		long before = System.currentTimeMillis() * 1_000_000;
		this.client.create(RawClient.stream("a").setSubject("x.y").setPartitions(2));
		StreamMetadata metadata = fetch(FetchMetadataRequest.newBuilder().addStreams("a")).getStreamMetadata(0);
		assertThat(metadata.getSubject()).isEqualTo("x.y");
		assertThat(metadata.getError()).isEqualTo(StreamMetadata.Error.OK);
		assertThat(metadata.getCreationTimestamp()).isGreaterThanOrEqualTo(before);
		assertThat(metadata.getPartitionsMap().keySet()).containsExactlyInAnyOrder(0, 1);
		PartitionMetadata partition = metadata.getPartitionsMap().get(1);
		assertThat(partition.getId()).isEqualTo(1);
		assertThat(partition.getLeader()).isEqualTo("embedded");
		assertThat(partition.getIsrList()).containsExactly("embedded");
		assertThat(partition.getHighWatermark()).isEqualTo(-1);
		assertThat(partition.getNewestOffset()).isEqualTo(-1);
		assertThat(partition.hasMessagesReceivedTimestamps()).isTrue();
		assertThat(partition.hasPauseTimestamps()).isTrue();
		assertThat(partition.hasReadonlyTimestamps()).isTrue();
		assertThat(partition.getMessagesReceivedTimestamps()).isEqualTo(PartitionEventTimestamps.getDefaultInstance());
	}

	@Test
	void marksUnknownStreamsAndGroups() {
		FetchMetadataResponse response = fetch(FetchMetadataRequest.newBuilder().addStreams("nope").addGroups("nog"));
		assertThat(response.getStreamMetadataList()).containsExactly(
				StreamMetadata.newBuilder().setName("nope").setError(StreamMetadata.Error.UNKNOWN_STREAM).build());
		assertThat(response.getGroupMetadataList()).containsExactly(ConsumerGroupMetadata.newBuilder()
			.setGroupId("nog")
			.setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP)
			.build());
	}

	@Test
	void tellsOffsetsAndTimesOfMessages() {
		this.client.create("a", 1);
		long first = this.client.publish("a", "1").getReceptionTimestamp();
		long last = this.client.publish("a", "2").getReceptionTimestamp();
		PartitionMetadata partition = partitionMetadata("a", 0);
		assertThat(partition.getNewestOffset()).isEqualTo(1);
		assertThat(partition.getHighWatermark()).isEqualTo(1);
		assertThat(partition.getMessagesReceivedTimestamps().getFirstTimestamp()).isPositive()
			.isLessThanOrEqualTo(first);
		assertThat(partition.getMessagesReceivedTimestamps().getLatestTimestamp()).isLessThanOrEqualTo(last)
			.isGreaterThanOrEqualTo(first);
	}

	private PartitionMetadata partitionMetadata(String stream, int partition) {
		return this.client.call().fetchPartitionMetadata(request(stream, partition)).getMetadata();
	}

	private static FetchPartitionMetadataRequest request(String stream, int partition) {
		return FetchPartitionMetadataRequest.newBuilder().setStream(stream).setPartition(partition).build();
	}

	@Test
	void doesNotFindUnknownPartitions() {
		this.client.create("a", 1);
		for (FetchPartitionMetadataRequest request : new FetchPartitionMetadataRequest[] { request("nope", 0),
				request("a", 1), request("a", -1) }) {
			assertThat(this.client.failure((call) -> call.fetchPartitionMetadata(request)))
				.isEqualTo("NOT_FOUND partition not found");
		}
	}

	@Test
	void doesNotLeadPausedPartitions() {
		this.client.create("a", 1);
		this.client.pause("a");
		assertThat(this.client.failure((call) -> call.fetchPartitionMetadata(request("a", 0))))
			.isEqualTo("FAILED_PRECONDITION The request should be sent to partition leader");
		assertThat(fetch(FetchMetadataRequest.newBuilder()).getBrokers(0).getPartitionCount()).isEqualTo(1);
	}

}
