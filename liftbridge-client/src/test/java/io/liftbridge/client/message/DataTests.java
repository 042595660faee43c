package io.liftbridge.client.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.ByteString;
import io.liftbridge.client.cluster.WireBytes;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DataTests {

	@Test
	void takesTheRemainingBytesOfBuffersOfAnyKind() {
		ByteBuffer direct = ByteBuffer.allocateDirect(8).put("--dire--".getBytes(StandardCharsets.UTF_8));
		direct.position(2).limit(6);
		ByteBuffer readOnly = ByteBuffer.wrap(new byte[] { 'c', 't' }).asReadOnlyBuffer();
		Data data = Data.of(direct, ByteBuffer.allocate(0), readOnly);
		assertThat(data.text()).isEqualTo("direct");
		assertThat(data.size()).isEqualTo(6);
		assertThat(data.parts()).hasSize(2);
		assertThat(direct.position()).as("the caller's buffer is untouched").isEqualTo(2);
		direct.clear();
		assertThat(Data.of(direct).text()).isEqualTo("--dire--");
		assertThat(data.text()).isEqualTo("direct");
	}

	@Test
	void copiesOnlyIfAskedTo() {
		byte[] first = { 'a' };
		byte[] second = { 'b' };
		Data shared = Data.of(first, second);
		Data copied = Data.copyOf(first, second);
		first[0] = 'x';
		assertThat(shared.parts().get(0).get(0)).isEqualTo((byte) 'x');
		assertThat(copied.text()).isEqualTo("ab");
		assertThat(Data.of(second).toArray()).isSameAs(second);
		assertThat(Data.copyOf(ByteBuffer.wrap(second)).toArray()).isNotSameAs(second).containsExactly('b');
	}

	@Test
	void aMessagePutsItsPartsTogetherOnlyWhenAsked() {
		byte[] first = "x".repeat(200).getBytes(StandardCharsets.UTF_8);
		byte[] second = "y".repeat(200).getBytes(StandardCharsets.UTF_8);
		Message message = Message.builder().value(Data.of(first, second)).build();
		assertThat(message.valueSize()).isEqualTo(400);
		assertThat(message).hasToString("Message[400 bytes, no key, headers " + message.headers() + "]");
		ByteString wire = WireBytes.value(message);
		first[0] = 'z';
		assertThat(wire.toStringUtf8()).as("not copied").startsWith("zx").hasSize(400);
		assertThat(new String(message.value(), StandardCharsets.UTF_8)).isEqualTo(wire.toStringUtf8());
		assertThat(message.value()).isSameAs(message.value());
		assertThat(message.toBuilder().build().parts()).isSameAs(message.parts());
		assertThat(message.toBuilder().value("plain").build().valueSize()).isEqualTo(5);
	}

	@Test
	void hasSections() {
		Data data = Data.of("abc".getBytes(StandardCharsets.UTF_8), "def".getBytes(StandardCharsets.UTF_8));
		assertThat(data.slice(2, 3).text()).isEqualTo("cde");
		assertThat(data.slice(0, 3).parts()).hasSize(1);
		assertThat(data.slice(6, 0)).isEqualTo(Data.empty());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> data.slice(4, 3))
			.withMessageContaining("3 bytes from 4")
			.withMessageContaining("6 bytes");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> data.slice(-1, 3));
	}

	@Test
	void isEqualByItsBytes() {
		assertThat(Data.of("ab".getBytes(StandardCharsets.UTF_8), "c".getBytes(StandardCharsets.UTF_8)))
			.isEqualTo(Data.ofText("abc"))
			.hasSameHashCodeAs(Data.ofText("abc"))
			.isNotEqualTo(Data.ofText("abd"))
			.hasToString("Data[3 bytes in 2 parts]");
		assertThat(Data.of(new byte[0])).isSameAs(Data.empty());
	}

}
