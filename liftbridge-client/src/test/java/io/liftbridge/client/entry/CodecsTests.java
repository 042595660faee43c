package io.liftbridge.client.entry;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CodecsTests {

	private static final int LIMIT = 64 << 20;

	private static final byte[] TEXT = "{\"order\":42,\"customer\":\"k1\"}".repeat(8).getBytes(StandardCharsets.UTF_8);

	private final Codecs codecs = Codecs.STANDARD;

	/** Made with the modules zlib and lzma of Python 3, as Gufo uses them. */
	@ParameterizedTest
	@CsvSource(textBlock = """
			zlib, 789cab56ca2f4a492d52b23231d2514a2e2d2ec9cf05f194b20d956aab87811c0095f947a1
			lzma, fd377a585a000004e6d6b4460200210116000000742fe5a3e000df00215d003d8889e7639b\
			bfb92c5dd6049d320319e588ef0ed2213f92aee1b39c71e329a00000000000e1667fe2a0b8d12c00\
			013de0010000001460d9ebb1c467fb020000000004595a
			lzma, fd377a585a000004e6d6b4460200210116000000742fe5a3e0006300215d003d8889e7639b\
			bfb92c5dd6049d320319e588ef0ed2213f92aee1b39a2de8a9a000000000007aa378eba899773400\
			013d64d458b1001fb6f37d010000000004595afd377a585a000004e6d6b446020021011600000074\
			2fe5a3e0007b00215d003a1bc9f2eb65952e0e32e7d04c448eeb0e12fb357eb67a5dc7c1a76af0f1\
			1a5000000000003f2be83a5331187100013d7c82c0dd131fb6f37d010000000004595a
			lzma, 5d00008000ffffffffffffffff003d8889e7639bbfb92c5dd6049d320319e588ef0ed2213f\
			92aee1b39c71e45e5067ffff6a780000
			""")
	void readsWhatPythonWrites(String encoding, String hex) {
		assertThat(this.codecs.decompress(encoding, HexFormat.of().parseHex(hex), LIMIT)).isEqualTo(TEXT);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			zlib, 789c030000000001
			lzma, fd377a585a000004e6d6b446000000001cdf44211fb6f37d010000000004595a
			""")
	void readsNothingThatPythonWrites(String encoding, String hex) {
		assertThat(this.codecs.decompress(encoding, HexFormat.of().parseHex(hex), LIMIT)).isEmpty();
	}

	/** Made with the tools of the formats. */
	@ParameterizedTest
	@CsvSource(textBlock = """
			zstd, 28b52ffd24e00d0100c07b226f72646572223a34322c22637573746f6d226b31227d0200c1\
			9fa48735c3cdb0091f
			zstd, 28b52ffd04581d0100e07b226f72646572223a34322c22637573746f6d6572223a226b3122\
			7d0100049f9a4ecdb0091f
			lz4, 04224d186440a726000000f0047b226f72646572223a34322c22637573746f6d0e005f226b3\
			1227d1c00ac50226b31227d00000000d36733fb
			lz4, 04224d186c40e000000000000000d426000000f0047b226f72646572223a34322c226375737\
			46f6d0e005f226b31227d1c00ac50226b31227d00000000d36733fb
			gzip, 1f8b0800000000000003ab56ca2f4a492d52b23231d2514a2e2d2ec9cf05f194b20d956aab\
			87811c00d1da9f3de0000000
			""")
	void readsWhatOthersWrite(String encoding, String hex) {
		assertThat(this.codecs.decompress(encoding, HexFormat.of().parseHex(hex), LIMIT)).isEqualTo(TEXT);
	}

	@Test
	void writesWhatPythonTakesForItsOwn() {
		byte[] zlib = this.codecs.compress(Compression.ZLIB, TEXT, 0, TEXT.length);
		assertThat(HexFormat.of().formatHex(zlib))
			.isEqualTo("789cab56ca2f4a492d52b23231d2514a2e2d2ec9cf05f194b20d956aab87811c0095f947a1");
		byte[] xz = this.codecs.compress(Compression.LZMA, TEXT, 0, TEXT.length);
		// Magic, CRC64 as check, one LZMA2 filter.
		assertThat(HexFormat.of().formatHex(xz, 0, 16)).isEqualTo("fd377a585a000004e6d6b44602002101");
	}

	@Property(tries = 40)
	void readsWhatItWrites(@ForAll @Size(max = 5000) byte[] data) {
		for (String encoding : new String[] { "zlib", "gzip", "lzma", "zstd", "lz4" }) {
			byte[] compressed = this.codecs.compress(Compression.named(encoding), data, 0, data.length);
			assertThat(this.codecs.decompress(encoding, compressed, LIMIT)).as(encoding).isEqualTo(data);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "zlib", "gzip", "lzma", "zstd", "lz4" })
	void readsLargeOnes(String encoding) {
		byte[] data = new byte[(3 << 20) + 7];
		new Random(5).nextBytes(data);
		Arrays.fill(data, 1 << 20, 2 << 20, (byte) 'x');
		byte[] compressed = this.codecs.compress(Compression.named(encoding), data, 0, data.length);
		assertThat(compressed.length).isLessThan((2 << 20) + (100 << 10));
		assertThat(this.codecs.decompress(encoding, compressed, LIMIT)).isEqualTo(data);
	}

	@ParameterizedTest
	@CsvSource({ "zlib, 9", "gzip, 0", "lzma, 1", "zstd, -7", "zstd, 19", "lz4, 0", "lz4, 12" })
	void writesAtOtherLevels(String encoding, int level) {
		Compression compression = Compression.named(encoding).level(level);
		this.codecs.check(compression, "compression");
		byte[] compressed = this.codecs.compress(compression, TEXT, 5, 100);
		assertThat(this.codecs.decompress(encoding, compressed, LIMIT)).isEqualTo(Arrays.copyOfRange(TEXT, 5, 105));
	}

	@ParameterizedTest
	@CsvSource({ "zlib, 10", "gzip, -1", "lzma, 10", "zstd, 23", "zstd, -8", "lz4, 18" })
	void refusesLevelsThatThereAreNot(String encoding, int level) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.codecs.check(Compression.named(encoding).level(level), "Option compression"))
			.withMessageContaining("Option compression is '" + encoding + "' at level " + level)
			.withMessageContaining("must be between");
	}

	@Test
	void refusesUnknownOnesByName() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.codecs.check(Compression.named("brotli"), "Option compression"))
			.withMessageContaining("Option compression is 'brotli'")
			.withMessageContaining("gzip, lz4, lzma, zlib, zstd")
			.withMessageContaining("compressionCodec(...)");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Compression.named("No Name"))
			.withMessageContaining("'No Name'");
	}

	/** A bomb is noticed while it goes off, not afterwards. */
	@ParameterizedTest
	@ValueSource(strings = { "zlib", "gzip", "lzma", "zstd", "lz4" })
	void readsNoMoreThanTheLimit(String encoding) {
		byte[] zeros = new byte[1 << 20];
		byte[] compressed = this.codecs.compress(Compression.named(encoding), zeros, 0, zeros.length);
		assertThat(this.codecs.decompress(encoding, compressed, 1 << 20)).hasSize(1 << 20);
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> this.codecs.decompress(encoding, compressed, (1 << 20) - 1))
			.withMessageContaining("more than " + ((1 << 20) - 1) + " bytes")
			.withMessageContaining("maxUncompressedBytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "lzma", "zstd" })
	void readsNothingThatGrowsBeyondMeasure(String encoding) {
		byte[] zeros = new byte[18 << 20];
		byte[] compressed = this.codecs.compress(Compression.named(encoding), zeros, 0, zeros.length);
		assertThat(compressed.length).isLessThan(10_000);
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> this.codecs.decompress(encoding, compressed, LIMIT))
			.withMessageContaining("times as many");
	}

	/** 2 GiB are promised, by a few bytes. */
	@Test
	void allocatesNothingForAPromise() {
		byte[] frame = this.codecs.compress(Compression.ZSTD, TEXT, 0, TEXT.length);
		ByteBuffer promise = ByteBuffer.allocate(frame.length + 8).order(ByteOrder.LITTLE_ENDIAN);
		// Single segment with 8 bytes of size; the window is as large as that.
		promise.putInt(0xFD2FB528).put((byte) 0b1110_0000).putLong(2L << 30).put(frame, 6, frame.length - 6);
		assertMalformed("zstd", Arrays.copyOf(promise.array(), promise.position()));
		byte[] lzma = HexFormat.of().parseHex("5dffffff7f" + "0000008000000000" + "003d8889e7639bbfb92c5dd6049d");
		assertMalformed("lzma", lzma);
	}

	@Test
	void readsZstdWithoutItsSizeAndSeveralFrames() throws IOException {
		ByteArrayOutputStream two = new ByteArrayOutputStream();
		for (int i = 0; i < 2; i++) {
			try (OutputStream stream = new ZstdOutputStreamNoFinalizer(two) {
				@Override
				public void close() throws IOException {
					super.close();
				}
			}) {
				stream.write(TEXT, i * 100, (i == 0) ? 100 : TEXT.length - 100);
			}
		}
		assertThat(this.codecs.decompress("zstd", two.toByteArray(), LIMIT)).isEqualTo(TEXT);
		two.reset();
		two.writeBytes(Zstd.compress(Arrays.copyOf(TEXT, 100)));
		two.writeBytes(Zstd.compress(Arrays.copyOfRange(TEXT, 100, TEXT.length)));
		assertThat(this.codecs.decompress("zstd", two.toByteArray(), LIMIT)).isEqualTo(TEXT);
	}

	@Test
	void readsGzipOfSeveralMembers() throws IOException {
		ByteArrayOutputStream two = new ByteArrayOutputStream();
		for (int i = 0; i < 2; i++) {
			try (OutputStream stream = new GZIPOutputStream(two)) {
				stream.write(TEXT, i * 100, (i == 0) ? 100 : TEXT.length - 100);
			}
		}
		assertThat(this.codecs.decompress("gzip", two.toByteArray(), LIMIT)).isEqualTo(TEXT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "zlib", "gzip", "lzma", "zstd", "lz4" })
	void refusesEachTruncation(String encoding) {
		byte[] compressed = this.codecs.compress(Compression.named(encoding), TEXT, 0, TEXT.length);
		for (int length = 0; length < compressed.length; length++) {
			byte[] part = Arrays.copyOf(compressed, length);
			try {
				// What has lost no more than an end mark may be whole.
				assertThat(this.codecs.decompress(encoding, part, LIMIT)).as(length + " bytes").isEqualTo(TEXT);
				assertThat(length).isGreaterThan(compressed.length - 9);
			}
			catch (MalformedEntryException ex) {
				assertThat(ex.reason()).contains(length + " bytes of " + encoding);
			}
		}
	}

	/** Whatever comes, it is an answer or the one exception. */
	@Property(tries = 60)
	void survivesDamage(@ForAll int position, @ForAll byte wrong, @ForAll @Size(max = 200) byte[] noise) {
		for (String encoding : new String[] { "zlib", "gzip", "lzma", "zstd", "lz4" }) {
			byte[] compressed = this.codecs.compress(Compression.named(encoding), TEXT, 0, TEXT.length);
			compressed[Math.floorMod(position, compressed.length)] = wrong;
			readOrRefuse(encoding, compressed);
			readOrRefuse(encoding, noise);
			byte[] head = Arrays.copyOf(compressed, 12 + noise.length);
			System.arraycopy(noise, 0, head, 12, noise.length);
			readOrRefuse(encoding, head);
		}
	}

	private void readOrRefuse(String encoding, byte[] data) {
		try {
			assertThat(this.codecs.decompress(encoding, data, 1 << 20).length).isLessThanOrEqualTo(1 << 20);
		}
		catch (MalformedEntryException ex) {
			assertThat(ex.reason()).contains(encoding);
		}
	}

	private void assertMalformed(String encoding, byte[] data) {
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> this.codecs.decompress(encoding, data, LIMIT));
	}

	@Test
	void takesCodecsOfTheUsersOwn() {
		Codecs more = this.codecs.with(new Upside());
		more.check(Compression.named("upside"), "compression");
		byte[] turned = more.compress(Compression.named("upside").level(3), TEXT, 0, TEXT.length);
		assertThat(turned).isNotEqualTo(TEXT);
		assertThat(more.decompress("upside", turned, LIMIT)).isEqualTo(TEXT);
		assertMalformed("upside", turned);
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> more.decompress("upside", turned, TEXT.length - 1))
			.withMessageContaining("more than");
	}

	private static final class Upside implements CompressionCodec {

		@Override
		public String encoding() {
			return "upside";
		}

		@Override
		public OutputStream compress(OutputStream target, int level) {
			return new FilterOutputStream(target) {

				@Override
				public void write(int b) throws IOException {
					super.write(~b);
				}

			};
		}

		@Override
		public InputStream decompress(InputStream source) {
			return new FilterInputStream(source) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					int count = super.read(bytes, offset, length);
					for (int i = offset; i < offset + count; i++) {
						bytes[i] = (byte) ~bytes[i];
					}
					return count;
				}

			};
		}

	}

}
