package io.liftbridge.client.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.liftbridge.client.cluster.WireBytes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However bytes are cut into parts, they arrive as they are.
 */
class DataPropertyTests {

	@Property(tries = 300)
	void partsAreTheWhole(@ForAll @Size(max = 12) List<byte[]> parts, @ForAll boolean direct) {
		Data data = Data.of(buffers(parts, direct));
		byte[] whole = whole(parts);
		assertThat(data.size()).isEqualTo(whole.length);
		assertThat(data.toArray()).isEqualTo(whole);
		assertThat(WireBytes.value(Message.builder().value(data).build()).toByteArray()).isEqualTo(whole);
	}

	@Property(tries = 300)
	void sectionsAreThoseOfTheWhole(@ForAll @Size(max = 12) List<byte[]> parts, @ForAll boolean direct,
			@ForAll int from, @ForAll int length) {
		byte[] whole = whole(parts);
		int first = Math.floorMod(from, whole.length + 1);
		int count = Math.floorMod(length, whole.length - first + 1);
		assertThat(Data.of(buffers(parts, direct)).slice(first, count).toArray())
			.isEqualTo(Arrays.copyOfRange(whole, first, first + count));
	}

	private static ByteBuffer[] buffers(List<byte[]> parts, boolean direct) {
		List<ByteBuffer> buffers = new ArrayList<>();
		for (byte[] part : parts) {
			// Each begins and ends somewhere in the middle of its buffer.
			ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(part.length + 3)
					: ByteBuffer.allocate(part.length + 3);
			buffers.add(buffer.position(1).put(part).flip().position(1));
		}
		return buffers.toArray(ByteBuffer[]::new);
	}

	private static byte[] whole(List<byte[]> parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		parts.forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

}
