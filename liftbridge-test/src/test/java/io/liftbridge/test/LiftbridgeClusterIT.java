package io.liftbridge.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LiftbridgeCluster}.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class LiftbridgeClusterIT {

	@Test
	void outlivesAnyOneOfItsServers() {
		try (LiftbridgeCluster cluster = LiftbridgeCluster.builder().start()) {
			api(cluster.servers().get(0),
					(api) -> api.createStream(CreateStreamRequest.newBuilder()
						.setName("orders")
						.setSubject("orders")
						.setReplicationFactor(3)
						.build()));
			for (LiftbridgeServer victim : cluster.servers()) {
				publishThroughAll(cluster);
				victim.kill();
				publishThroughAll(cluster);
				victim.start();
			}
			publishThroughAll(cluster);
		}
	}

	@Test
	void metadataCannotBeWrittenWithoutAMajority() {
		try (LiftbridgeCluster cluster = LiftbridgeCluster.builder().start()) {
			cluster.servers().get(1).kill();
			cluster.servers().get(2).kill();
			CreateStreamRequest request = CreateStreamRequest.newBuilder().setName("late").setSubject("late").build();
			// That nobody answers it, as long as it does not know that the leader is
			// gone;
			// that there is no leader, afterwards. Both may take longer than the call.
			await().atMost(Duration.ofSeconds(90))
				.until(() -> refusal(cluster.servers().get(0), request).startsWith("INTERNAL"));
			cluster.start();
			await().atMost(Duration.ofSeconds(90)).until(() -> {
				String answer = refusal(cluster.servers().get(0), request);
				// A call that was not answered before may have been carried out now.
				return answer.isEmpty() || answer.startsWith("ALREADY_EXISTS");
			});
		}
	}

	private static String refusal(LiftbridgeServer server, CreateStreamRequest request) {
		String[] words = { "" };
		api(server, (api) -> {
			try {
				api.createStream(request);
			}
			catch (StatusRuntimeException ex) {
				words[0] = ex.getStatus().getCode() + " " + ex.getStatus().getDescription();
			}
		});
		return words[0];
	}

	private static void publishThroughAll(LiftbridgeCluster cluster) {
		cluster.servers()
			.stream()
			.filter(LiftbridgeServer::isRunning)
			.forEach((server) -> await().atMost(Duration.ofSeconds(40))
				.ignoreExceptions()
				.untilAsserted(() -> api(server, (api) -> {
					FetchMetadataResponse metadata = api.fetchMetadata(FetchMetadataRequest.getDefaultInstance());
					assertThat(metadata.getStreamMetadataList()).anyMatch((s) -> s.getName().equals("orders"));
					api.publish(PublishRequest.newBuilder().setStream("orders").setAckPolicy(AckPolicy.ALL).build());
				})));
	}

	private static void api(LiftbridgeServer server, Consumer<APIGrpc.APIBlockingStub> calls) {
		ManagedChannel channel = NettyChannelBuilder.forAddress(server.host(), server.port()).usePlaintext().build();
		try {
			calls.accept(APIGrpc.newBlockingStub(channel).withDeadlineAfter(3, TimeUnit.SECONDS));
		}
		finally {
			channel.shutdownNow();
		}
	}

}
