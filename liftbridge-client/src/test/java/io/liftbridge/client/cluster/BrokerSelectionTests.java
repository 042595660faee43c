package io.liftbridge.client.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.grpc.stub.StreamObserver;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link BrokerSelection}. */
class BrokerSelectionTests {

	private final FakeCluster cluster = new FakeCluster(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	private LiftbridgeClient client(BrokerSelection selection) {
		LiftbridgeClient client = LiftbridgeClient.builder()
			.seeds(this.cluster.seeds())
			.brokerSelection(selection)
			.build();
		client.connect().join();
		return client;
	}

	/** Which broker answers how many of these questions. */
	private int[] counts(LiftbridgeClient client, int questions) {
		int[] before = counts();
		for (int i = 0; i < questions; i++) {
			client.streams().list();
		}
		int[] after = counts();
		return new int[] { after[0] - before[0], after[1] - before[1], after[2] - before[2] };
	}

	private int[] counts() {
		return new int[] { this.cluster.broker(1).count("FetchMetadata"), this.cluster.broker(2).count("FetchMetadata"),
				this.cluster.broker(3).count("FetchMetadata") };
	}

	@Test
	void randomAsksAll() {
		try (LiftbridgeClient client = client(BrokerSelection.RANDOM)) {
			assertThat(counts(client, 100)).doesNotContain(0);
		}
	}

	@Test
	void lowestLatencyAsksTheFastest() {
		// The very first connection may be slower than those that are meant to be slow.
		try (LiftbridgeClient first = client(BrokerSelection.RANDOM)) {
			counts(first, 1);
		}
		for (int slow : new int[] { 1, 3 }) {
			this.cluster.broker(slow)
				.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer,
						usual) -> CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS).execute(usual));
		}
		try (LiftbridgeClient client = client(BrokerSelection.LOWEST_LATENCY)) {
			// Each is measured once.
			counts(client, 5);
			assertThat(counts(client, 20)[1]).isGreaterThanOrEqualTo(18);
		}
	}

	@Test
	void lowestLoadAsksTheOneWithTheFewestPartitionsAndLeaders() {
		int[] loads = { 5, 4, 9 };
		for (int number = 1; number <= 3; number++) {
			this.cluster.broker(number)
				.on("FetchMetadata", (FetchMetadataRequest request, StreamObserver<FetchMetadataResponse> observer,
						Runnable usual) -> {
					FetchMetadataResponse.Builder response = this.cluster.metadata().toBuilder();
					for (int i = 0; i < 3; i++) {
						Broker.Builder broker = response.getBrokersBuilder(i);
						broker.setPartitionCount(loads[i] - 2).setLeaderCount(2);
					}
					observer.onNext(response.build());
					observer.onCompleted();
				});
		}
		try (LiftbridgeClient client = client(BrokerSelection.LOWEST_LOAD)) {
			assertThat(counts(client, 20)[1]).isEqualTo(20);
			this.cluster.broker(2).kill();
			assertThat(counts(client, 20)[0]).isGreaterThanOrEqualTo(20);
		}
	}

}
