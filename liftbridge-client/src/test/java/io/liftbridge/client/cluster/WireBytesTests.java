package io.liftbridge.client.cluster;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.message.Headers;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WireBytesTests {

	private static final byte[] BYTES = { 1, 2, 3 };

	static Stream<ByteString> anyKind() {
		return Stream.of(ByteString.copyFrom(BYTES), ByteString.copyFrom(new byte[] { 0, 1, 2, 3, 4 }).substring(1, 4),
				ByteString.copyFrom(new byte[] { 1, 2, 3, 4 }).substring(0, 3),
				UnsafeByteOperations.unsafeWrap(ByteBuffer.wrap(BYTES)),
				UnsafeByteOperations.unsafeWrap(ByteBuffer.allocateDirect(3).put(BYTES).flip()),
				ByteString.copyFrom(new byte[] { 1 }).concat(ByteString.copyFrom(new byte[] { 2, 3 })),
				ByteString.copyFrom(new byte[200]).concat(ByteString.copyFrom(BYTES)).substring(200));
	}

	@ParameterizedTest
	@MethodSource("anyKind")
	void hasTheBytesWhateverHoldsThem(ByteString bytes) {
		assertThat(WireBytes.array(bytes)).containsExactly(BYTES);
	}

	@Test
	void longBytesOfPartsAreWhole() {
		ByteString first = ByteString.copyFrom(new byte[1000]);
		ByteString second = ByteString.copyFromUtf8("x".repeat(1000));
		assertThat(WireBytes.array(first.concat(second))).containsExactly(first.concat(second).toByteArray());
	}

	@Test
	void nothingIsNothing() {
		assertThat(WireBytes.array(ByteString.EMPTY)).isEmpty();
		assertThat(WireBytes.headers(Map.of())).isSameAs(Headers.empty());
	}

	@Test
	void takesOverWhatWasReceived() throws InvalidProtocolBufferException {
		Message sent = Message.newBuilder().setValue(ByteString.copyFrom(BYTES)).build();
		byte[] received = sent.toByteArray();
		Message message = Message.parseFrom(received);
		byte[] value = WireBytes.array(message.getValue());
		assertThat(value).containsExactly(BYTES).isSameAs(WireBytes.array(message.getValue()));
		// The network's buffer is used again.
		Arrays.fill(received, (byte) 9);
		assertThat(value).containsExactly(BYTES);
	}

	@Test
	void headersAreThoseOfTheMessage() {
		Map<String, ByteString> wire = new LinkedHashMap<>();
		wire.put("b", ByteString.copyFromUtf8("2"));
		wire.put("a", ByteString.copyFromUtf8("1"));
		Headers headers = WireBytes.headers(wire);
		assertThat(headers.size()).isEqualTo(2);
		assertThat(headers.names()).containsExactly("b", "a");
		assertThat(headers.text("a")).isEqualTo("1");
		assertThat(headers.get("c")).isNull();
		assertThat(headers.without("b")).isEqualTo(Headers.empty().with("a", "1"));
		assertThat(headers).isEqualTo(Headers.empty().with("a", "1").with("b", "2"));
		Map<String, String> seen = new LinkedHashMap<>();
		headers.forEach((name, value) -> seen.put(name, new String(value)));
		assertThat(seen).containsExactly(Map.entry("b", "2"), Map.entry("a", "1"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.names().clear());
	}

}
