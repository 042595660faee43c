package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamWaitingTests extends FakeClusterTest {

	private static final Duration SHORT = Duration.ofSeconds(2);

	@Test
	void waitsUntilTheStreamIsThere() {
		CompletableFuture<StreamInfo> waiting = CompletableFuture
			.supplyAsync(() -> this.client.streams().waitForStream("late", LONG));
		this.cluster.stream("late", 2);
		assertThat(get(waiting).partitions()).hasSize(2);
	}

	@Test
	void waitsUntilEachPartitionHasALeader() {
		this.orders.leader("");
		// The first connection must not use up the time.
		this.client.streams().list();
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> this.client.streams().waitForStream("orders", SHORT))
			.withMessageContaining("'orders' partition 0 has no leader");
		CompletableFuture<StreamInfo> waiting = CompletableFuture
			.supplyAsync(() -> this.client.streams().waitForStream("orders", LONG));
		this.orders.leader(this.broker.id());
		assertThat(get(waiting).name()).isEqualTo("orders");
	}

	@Test
	void saysWhatIsNotThere() {
		this.client.streams().list();
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> this.client.streams().waitForStream("orderz", SHORT))
			.withMessageContaining("'orderz'")
			.withMessageContaining("orders");
		assertThatExceptionOfType(CursorsDisabledException.class)
			.isThrownBy(() -> this.client.streams().waitForCursors(SHORT))
			.withMessageContaining("cursors.stream.partitions");
		this.cluster.stream("__cursors", 1);
		this.client.streams().waitForCursors(LONG);
	}

	@Test
	void keepsItsDeadlineWhenNobodyAnswers() {
		this.broker.hang("FetchMetadata");
		long begin = System.nanoTime();
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> this.client.streams().waitForStream("orders", SHORT));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
	}

	@Test
	void describesBrokersAndGroups() {
		this.broker.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse.Builder response = this.cluster.metadata().toBuilder();
			response.getBrokersBuilder(0).setPartitionCount(4).setLeaderCount(3);
			for (String group : request.getGroupsList()) {
				response.addGroupMetadata(group.equals("billing")
						? ConsumerGroupMetadata.newBuilder().setGroupId(group).setCoordinator("b1").setEpoch(147)
						: ConsumerGroupMetadata.newBuilder()
							.setGroupId(group)
							.setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP));
			}
			observer.onNext(response.build());
			observer.onCompleted();
		});
		ClusterInfo cluster = this.client.streams().describeCluster("billing", "nobody");
		assertThat(cluster.brokers())
			.containsExactly(new BrokerInfo(this.broker.id(), "127.0.0.1", this.broker.port(), 4, 3));
		assertThat(cluster.groups()).isEqualTo(List.of(new GroupInfo("billing", "b1", 147)));
		assertThat(cluster.group("nobody")).isEmpty();
		assertThat(cluster.group("billing")).isPresent();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.streams().describeCluster("a b"));
	}

}
