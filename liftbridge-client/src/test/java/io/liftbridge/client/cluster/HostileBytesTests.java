package io.liftbridge.client.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A broker whose answers are no messages of the protocol. */
class HostileBytesTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	/** A tag that cannot be. */
	private static final byte[] GARBAGE = { 0, 1, 2, 3 };

	private final List<String> received = new CopyOnWriteArrayList<>();

	private Server server;

	private LiftbridgeClient client;

	@BeforeEach
	void start() throws IOException {
		ServerServiceDefinition.Builder service = ServerServiceDefinition.builder("proto.API");
		service.addMethod(APIGrpc.getFetchMetadataMethod(),
				ServerCalls.<FetchMetadataRequest, FetchMetadataResponse>asyncUnaryCall((request, observer) -> {
					observer.onNext(metadata());
					observer.onCompleted();
				}));
		service.addMethod(raw(APIGrpc.getFetchPartitionMetadataMethod()),
				ServerCalls.asyncUnaryCall((request, observer) -> {
					observer.onNext(GARBAGE);
					observer.onCompleted();
				}));
		service.addMethod(raw(APIGrpc.getSubscribeMethod()),
				ServerCalls.asyncServerStreamingCall((request, observer) -> {
					observer.onNext(new byte[0]);
					if (request.getStartOffset() == 0) {
						observer.onNext(Message.newBuilder().setStream("orders").build().toByteArray());
					}
					observer.onNext(GARBAGE);
				}));
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
			.addService(service.build())
			.build()
			.start();
		this.client = LiftbridgeClient.builder()
			.seeds("127.0.0.1:" + this.server.getPort())
			.retryPolicy(new RetryPolicy(Duration.ofMillis(10), 2, Duration.ofMillis(100), 0))
			.build();
	}

	@AfterEach
	void stop() {
		this.client.close(Duration.ZERO);
		this.server.shutdownNow();
	}

	private FetchMetadataResponse metadata() {
		return FetchMetadataResponse.newBuilder()
			.addBrokers(Broker.newBuilder().setId("b1").setHost("127.0.0.1").setPort(this.server.getPort()))
			.addStreamMetadata(StreamMetadata.newBuilder()
				.setName("orders")
				.putPartitions(0, PartitionMetadata.newBuilder().setLeader("b1").addIsr("b1").build()))
			.build();
	}

	private static <Q, R> MethodDescriptor<Q, byte[]> raw(MethodDescriptor<Q, R> method) {
		return method.toBuilder(method.getRequestMarshaller(), new Bytes()).build();
	}

	/** What cannot be read is so at the next attempt, too. */
	@Test
	void endASubscriptionThatSaysWhy() {
		try (Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> this.received.add("at " + message.offset()))
			.start()) {
			await().atMost(LONG).until(() -> subscription.ended().isDone());
			assertThat(subscription.ended()).failsWithin(LONG)
				.withThrowableThat()
				.withMessageContaining("stream 'orders' partition 0")
				.withMessageContaining("an answer that cannot be read")
				.withMessageContaining("b1");
		}
		assertThat(this.received).containsExactly("at 0");
	}

	@Test
	void failACallThatSaysWhy() {
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.client.streams().describePartition("orders", 0))
			.withMessageContaining("stream 'orders' partition 0")
			.withMessageContaining("an answer that cannot be read");
	}

	private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

		@Override
		public InputStream stream(byte[] value) {
			return new ByteArrayInputStream(value);
		}

		@Override
		public byte[] parse(InputStream stream) {
			try {
				return stream.readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
