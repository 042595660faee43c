package io.liftbridge.embedded;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Iterator;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.liftbridge.proto.FetchMetadataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.liftbridge.embedded.RawClient.message;
import static org.assertj.core.api.Assertions.assertThat;

class WireTests extends BrokerTest {

	private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {

		@Override
		public InputStream stream(byte[] value) {
			return new ByteArrayInputStream(value);
		}

		@Override
		public byte[] parse(InputStream stream) {
			return new byte[0];
		}

	};

	private String callRaw(String method, byte[] request) {
		MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(BYTES, BYTES)
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName(method)
			.build();
		return RawClient.failureOf(
				() -> ClientCalls.blockingUnaryCall(this.client.channel(), descriptor, CallOptions.DEFAULT, request));
	}

	@ParameterizedTest
	@CsvSource({ "proto.API/Nope,unknown method Nope for service proto.API",
			"grpc.health.v1.Health/Nope,unknown method Nope for service grpc.health.v1.Health",
			"grpc.reflection.v1.ServerReflection/ServerReflectionInfo,"
					+ "unknown service grpc.reflection.v1.ServerReflection",
			"grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo,"
					+ "unknown service grpc.reflection.v1alpha.ServerReflection" })
	void doesNotHaveOtherMethods(String method, String text) {
		assertThat(callRaw(method, new byte[0])).isEqualTo("UNIMPLEMENTED " + text);
	}

	@Test
	void tellsMalformedRequests() {
		byte[] malformed = { 10, 100, 1 };
		assertThat(callRaw("proto.API/CreateStream", malformed))
			.isEqualTo("INTERNAL grpc: error unmarshalling request: proto: cannot parse invalid wire-format data");
		for (String method : new String[] { "Subscribe", "PublishAsync" }) {
			assertThat(callRaw("proto.API/" + method, malformed)).isEqualTo("INTERNAL grpc: failed to unmarshal the "
					+ "received message: proto: cannot parse invalid wire-format data");
		}
	}

	@Test
	void hasNoDecompressor() {
		assertThat(RawClient.failureOf(() -> this.client.call()
			.withCompression("gzip")
			.fetchMetadata(FetchMetadataRequest.getDefaultInstance())))
			.isEqualTo("UNIMPLEMENTED grpc: Decompressor is not installed for grpc-encoding \"gzip\"");
	}

	@Test
	void refusesRequestsAboveFourMebibytes() {
		this.client.create("s", 1);
		int size = message("s", "").setValue(ByteString.copyFrom(new byte[4 * 1024 * 1024]))
			.build()
			.getSerializedSize();
		assertThat(this.client.failure((call) -> call
			.publish(message("s", "").setValue(ByteString.copyFrom(new byte[4 * 1024 * 1024])).build())))
			.isEqualTo("RESOURCE_EXHAUSTED grpc: received message larger than max (" + size + " vs. 4194304)");
	}

	@Test
	void servesHealth() {
		HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(this.client.channel());
		for (String service : new String[] { "", "proto.API" }) {
			assertThat(health.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus())
				.isEqualTo(ServingStatus.SERVING);
		}
		assertThat(RawClient.failureOf(() -> health.check(HealthCheckRequest.newBuilder().setService("other").build())))
			.isEqualTo("NOT_FOUND unknown service");
		Iterator<HealthCheckResponse> watched = health.watch(HealthCheckRequest.getDefaultInstance());
		assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
	}

}
