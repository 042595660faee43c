package io.liftbridge.client.cluster;

import java.util.Random;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Metadata that no server should tell. */
class HostileMetadataTests extends FakeClusterTest {

	/** Adds to what is true. */
	private void tell(Consumer<FetchMetadataResponse.Builder> more) {
		this.broker.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse.Builder response = this.cluster.metadata().toBuilder();
			more.accept(response);
			observer.onNext(response.build());
			observer.onCompleted();
		});
	}

	private void assertStillOfUse() {
		assertThat(get(this.client.producer("orders").build().send(Message.of("k", "v"))).stream()).isEqualTo("orders");
		assertThat(this.client.streams().describe("orders").partitions()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "127.0.0.1", "a b", "a/b", "[", "::1", "x:1", "é", "\0", "%", "#", "?" })
	void aBrokerWithoutAUsableAddressHidesNoOther(String host) {
		tell((response) -> {
			for (int port : new int[] { 1, 0, -1, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE }) {
				response.addBrokers(Broker.newBuilder().setId("bad" + port).setHost(host).setPort(port));
			}
		});
		assertStillOfUse();
	}

	@Test
	void brokersThatAreToldTwiceAreOne() {
		tell((response) -> {
			Broker known = response.getBrokers(0);
			response.addBrokers(known);
			response.addBrokers(known.toBuilder().setPartitionCount(-7).setLeaderCount(Integer.MIN_VALUE));
		});
		assertStillOfUse();
		assertThat(this.client.brokers()).hasSize(1);
	}

	@Test
	void aClusterWithoutBrokersIsAskedAtItsSeeds() {
		tell(FetchMetadataResponse.Builder::clearBrokers);
		assertThat(this.client.streams().exists("orders")).isTrue();
		assertThat(this.client.streams().describeCluster().brokers()).isEmpty();
	}

	@Test
	void partitionsThatCannotBeAreToldAsTheyAre() {
		tell((response) -> response.addStreamMetadata(StreamMetadata.newBuilder()
			.setName("odd")
			.setCreationTimestamp(Long.MIN_VALUE)
			.putPartitions(-1,
					PartitionMetadata.newBuilder()
						.setId(Integer.MIN_VALUE)
						.setLeader("nobody")
						.addIsr("nobody")
						.setHighWatermark(Long.MIN_VALUE)
						.setNewestOffset(Long.MAX_VALUE)
						.build())));
		StreamInfo odd = this.client.streams().describe("odd");
		assertThat(odd.partitions()).singleElement().extracting(PartitionInfo::leader).isEqualTo("nobody");
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.client.streams().describePartition("odd", 7))
			.withMessageContaining("'odd'");
		assertStillOfUse();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void anythingElseDoesNoHarm(long seed) {
		Random random = new Random(seed);
		tell((response) -> anything(random, response));
		for (int i = 0; i < 100; i++) {
			get(this.client.connect());
			assertThat(this.client.streams().list()).isNotNull();
			assertThat(this.client.streams().describeCluster("g")).isNotNull();
		}
		tell((response) -> {
		});
		assertStillOfUse();
	}

	private static void anything(Random random, FetchMetadataResponse.Builder response) {
		byte[] bytes = new byte[random.nextInt(60)];
		random.nextBytes(bytes);
		String text = ByteString.copyFrom(bytes).toStringUtf8();
		response.addBrokers(Broker.newBuilder()
			.setId(text)
			.setHost(text)
			.setPort(random.nextInt())
			.setLeaderCount(random.nextInt()));
		response.addStreamMetadata(StreamMetadata.newBuilder()
			.setName(text)
			.setErrorValue(random.nextInt(4))
			.putPartitions(random.nextInt(), PartitionMetadata.newBuilder().setId(random.nextInt()).build()));
		try {
			response.mergeFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			// What was read before stays.
		}
	}

}
