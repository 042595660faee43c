package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;

import io.liftbridge.client.message.MalformedEntryException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever a chunk's header is, it is read or refused.
 */
class ChunkHeaderPropertyTests {

	@Property
	void whatIsWrittenIsRead(@ForAll @StringLength(min = 1, max = 36) @CharRange(from = '<', to = '~') String id,
			@ForAll @IntRange int index, @ForAll @IntRange(min = 1) int more) {
		ChunkHeader header = new ChunkHeader(id, index, (int) Math.min(Integer.MAX_VALUE, (long) index + more));
		if (header.index() < header.count()) {
			assertThat(header.toBytes()).hasSizeLessThanOrEqualTo(ChunkHeader.MOST_BYTES + id.length());
			assertThat(ChunkHeader.parse(header.toBytes())).isEqualTo(header);
		}
	}

	@Property
	void anyBytesAreReadOrRefused(@ForAll @Size(max = 80) byte[] bytes) {
		readOrRefused(bytes);
	}

	@Property
	void anyTextLikeItIsReadOrRefused(@ForAll @StringLength(max = 30) @CharRange(from = '-', to = ';') String text) {
		readOrRefused(("1;" + text).getBytes(StandardCharsets.UTF_8));
	}

	private static void readOrRefused(byte[] bytes) {
		try {
			ChunkHeader header = ChunkHeader.parse(bytes);
			assertThat(header.index()).isBetween(0, header.count() - 1);
			assertThat(header.id()).isNotEmpty().doesNotContain(";");
		}
		catch (MalformedEntryException ex) {
			assertThat(ex.reason()).contains("Liftbridge-Chunk");
		}
	}

	@Example
	void refusesWhatIsNoPlaceAmongChunks() {
		for (String text : new String[] { "", "1", "1;", "1;a", "1;a;0", "2;a;0;1", "1;;0;1", "1;a;1;1", "1;a;-1;1",
				"1;a;0;0", "1;a;0;2147483648", "1;a;+0;1", "1;a;;1", "1;a;0;", "1;a;b;0;1", "1;a;0;1;",
				"1;" + "a".repeat(37) + ";0;1", "1;a;" + "0".repeat(60) + ";1" }) {
			assertThatExceptionOfType(MalformedEntryException.class).as(text)
				.isThrownBy(() -> ChunkHeader.parse(text.getBytes(StandardCharsets.UTF_8)));
		}
		assertThat(ChunkHeader.parse("1;a;0;1".getBytes(StandardCharsets.UTF_8))).isEqualTo(new ChunkHeader("a", 0, 1));
	}

}
