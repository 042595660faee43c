package io.liftbridge.test.conformance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.liftbridge.proto.FetchMetadataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What lies below the calls: health, compression, and requests that are none.
 */
abstract class ProtocolScenarios extends Scenarios {

	private static final byte[] NOTHING = {};

	private static final int SERVING = 1;

	@ParameterizedTest
	@ValueSource(strings = { "", "proto.API" })
	void healthIsServing(String service) {
		assertThat(call("grpc.health.v1.Health/Check", message(1, service))).containsExactly(0x08, SERVING);
	}

	@Test
	void healthOfOtherServiceIsNotFound() {
		assertRefused(Code.NOT_FOUND, "unknown service",
				() -> call("grpc.health.v1.Health/Check", message(1, "proto.Other")));
	}

	@Test
	void unknownServiceIsUnimplemented() {
		assertRefused(Code.UNIMPLEMENTED, "unknown service grpc.reflection.v1.ServerReflection",
				() -> call("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", NOTHING));
	}

	@Test
	void unknownMethodIsUnimplemented() {
		assertRefused(Code.UNIMPLEMENTED, "unknown method Nope for service proto.API",
				() -> call("proto.API/Nope", NOTHING));
	}

	@ParameterizedTest
	@ValueSource(strings = { "proto.Nope", "grpc.reflection.v1.ServerReflection",
			"grpc.reflection.v1alpha.ServerReflection" })
	void unknownServiceIsUnimplemented(String service) {
		assertRefused(Code.UNIMPLEMENTED, "unknown service " + service, () -> call(service + "/Any", NOTHING));
	}

	@Test
	void malformedRequestIsInternal() {
		byte[] truncated = { 0x0A, 0x7F, 0x01 };
		Status status = catchThrowableOfType(StatusRuntimeException.class,
				() -> call("proto.API/CreateStream", truncated))
			.getStatus();
		assertThat(status.getCode()).isEqualTo(Code.INTERNAL);
		assertThat(status.getDescription()).startsWith("grpc: error unmarshalling request: ");
	}

	@Test
	void compressionIsUnimplemented() {
		assertRefused(Code.UNIMPLEMENTED, "grpc: Decompressor is not installed for grpc-encoding \"gzip\"",
				() -> api().withCompression("gzip").fetchMetadata(FetchMetadataRequest.getDefaultInstance()));
	}

	private byte[] call(String method, byte[] request) {
		MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName(method)
			.build();
		return ClientCalls.blockingUnaryCall(broker().channel(), descriptor,
				CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), request);
	}

	/**
	 * A protobuf message with one short string, without a generated class for it.
	 */
	private static byte[] message(int field, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		byte[] message = new byte[bytes.length + 2];
		message[0] = (byte) (field << 3 | 2);
		message[1] = (byte) bytes.length;
		System.arraycopy(bytes, 0, message, 2, bytes.length);
		return message;
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
