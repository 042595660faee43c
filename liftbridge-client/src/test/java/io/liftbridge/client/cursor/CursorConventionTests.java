package io.liftbridge.client.cursor;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CursorConventionTests {

	@Test
	void storesTheLastProcessedOffsetAsTheGoClientDoes() {
		assertThat(CursorConvention.LAST_PROCESSED.stored(41)).isEqualTo(41);
		assertThat(CursorConvention.LAST_PROCESSED.processed(41)).isEqualTo(41);
	}

	@Test
	void storesTheNextOffsetAsGufoDoes() {
		assertThat(CursorConvention.NEXT_OFFSET.stored(41)).isEqualTo(42);
		assertThat(CursorConvention.NEXT_OFFSET.processed(42)).isEqualTo(41);
		assertThat(CursorConvention.NEXT_OFFSET.processed(0)).isEqualTo(-1);
	}

	@Property
	void readsWhatItStores(@ForAll CursorConvention convention,
			@ForAll @LongRange(min = -1, max = Long.MAX_VALUE - 1) long offset) {
		assertThat(convention.processed(convention.stored(offset))).isEqualTo(offset);
	}

	/** Computed by zlib's crc32 over "cursorId,stream,partition". */
	@ParameterizedTest
	@CsvSource({ "c1, s1, 0, 2951627996", "__group:billing, orders, 3, 2922629213", "ü, 日本, 12, 3379431248" })
	void hashesTheCursorsNameAsTheServerDoes(String cursorId, String stream, int partition, long hash) {
		assertThat(CursorStore.hash(cursorId, stream, partition)).isEqualTo(hash);
	}

}
