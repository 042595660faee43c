package io.liftbridge.embedded.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.protobuf.ByteString;
import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.StoredLog;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentFilesPropertyTests {

	private static final String FIRST = "0000000000000000000.log";

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SegmentReader.class);

	private Path directory;

	private int logs;

	@BeforeProperty
	void createDirectory() throws IOException {
		// Thousands of files are damaged here on purpose.
		LOGGER.setLevel(Level.ERROR);
		this.directory = Files.createTempDirectory("segments");
	}

	@AfterProperty
	void deleteDirectory() {
		LOGGER.setLevel(null);
		Disk.deleteTree(this.directory);
	}

	/** Messages with gaps between their offsets, as compaction leaves them. */
	@Provide
	Arbitrary<List<Draft>> drafts() {
		Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
		return Combinators
			.combine(Arbitraries.integers().between(1, 3), Arbitraries.longs().greaterOrEqual(0), bytes, bytes,
					Arbitraries.of(true, false))
			.as(Draft::new)
			.list()
			.ofMinSize(1)
			.ofMaxSize(6);
	}

	@Property(tries = 200)
	void whatWasAppendedIsLoaded(@ForAll("drafts") List<Draft> drafts,
			@ForAll @IntRange(min = 1, max = 7) int perSegment) {
		Path home = newLog();
		List<LogEntry> entries = write(home, drafts, perSegment);
		StoredLog loaded = new SegmentFiles(home).load();
		assertSame(loaded, entries);
		assertThat(loaded.segments()).hasSize((entries.size() + perSegment - 1) / perSegment);
		assertThat(loaded.highWatermark()).isEqualTo(highWatermark(drafts, entries, entries.size()));
		assertThat(loaded.lastTimestamp())
			.isEqualTo(entries.stream().mapToLong(LogEntry::timestamp).max().orElseThrow());
	}

	@Property(tries = 10)
	void aFileThatEndsAnywhereLosesOnlyWhatIsNotWhole(@ForAll("drafts") List<Draft> drafts) throws IOException {
		Path home = newLog();
		List<LogEntry> entries = write(home, drafts, Integer.MAX_VALUE);
		byte[] whole = Files.readAllBytes(home.resolve(FIRST));
		for (int length = 0; length <= whole.length; length++) {
			Path cut = newLog();
			Files.createDirectories(cut);
			Files.write(cut.resolve(FIRST), Arrays.copyOf(whole, length));
			int kept = wholeRecords(entries, length);
			SegmentFiles files = new SegmentFiles(cut);
			StoredLog loaded = files.load();
			assertSame(loaded, entries.subList(0, kept));
			assertThat(loaded.highWatermark()).isEqualTo(highWatermark(drafts, entries, kept));
			List<LogEntry> continued = new ArrayList<>(entries.subList(0, kept));
			continued.add(entry(1000, Long.MAX_VALUE, "key", "goes on"));
			files.append(continued.get(kept), true);
			files.close();
			assertSame(new SegmentFiles(cut).load(), continued);
		}
	}

	@Property(tries = 10)
	void aDamagedByteIsNoticed(@ForAll("drafts") List<Draft> drafts, @ForAll byte damage) throws IOException {
		Path home = newLog();
		List<LogEntry> entries = write(home, drafts, Integer.MAX_VALUE);
		byte[] whole = Files.readAllBytes(home.resolve(FIRST));
		for (int position = 0; damage != 0 && position < whole.length; position++) {
			Path damaged = newLog();
			Files.createDirectories(damaged);
			byte[] content = whole.clone();
			content[position] ^= damage;
			Files.write(damaged.resolve(FIRST), content);
			assertSame(new SegmentFiles(damaged).load(), entries.subList(0, wholeRecords(entries, position)));
		}
	}

	@Property(tries = 100)
	void aRewrittenSegmentHasItsNewContent(@ForAll("drafts") List<Draft> drafts,
			@ForAll @IntRange(min = 1, max = 3) int perSegment, @ForAll @IntRange(max = 5) int dropped) {
		Path home = newLog();
		List<LogEntry> entries = write(home, drafts, perSegment);
		SegmentFiles files = new SegmentFiles(home);
		StoredLog before = files.load();
		List<LogEntry> first = before.segments().get(0).entries();
		boolean sealed = before.segments().size() > 1;
		List<LogEntry> expected = new ArrayList<>(entries);
		if (sealed) {
			LogEntry gone = first.get(dropped % first.size());
			files.rewrite(0, first.stream().filter((entry) -> entry != gone).toList());
			expected.removeIf((entry) -> entry.offset() == gone.offset());
		}
		StoredLog loaded = new SegmentFiles(home).load();
		assertSame(loaded, expected);
		assertThat(loaded.highWatermark()).isEqualTo(before.highWatermark());
	}

	private Path newLog() {
		return this.directory.resolve("log" + this.logs++);
	}

	private static List<LogEntry> write(Path home, List<Draft> drafts, int perSegment) {
		SegmentFiles files = new SegmentFiles(home);
		files.load();
		List<LogEntry> entries = new ArrayList<>();
		long offset = -1;
		for (Draft draft : drafts) {
			offset = (offset == -1) ? 0 : offset + draft.step();
			if (!entries.isEmpty() && entries.size() % perSegment == 0) {
				files.roll(offset);
			}
			LogEntry entry = new LogEntry(offset, draft.timestamp(), ByteString.copyFrom(draft.key()),
					draft.key().length, draft.message());
			files.append(entry, draft.committed());
			entries.add(entry);
		}
		files.close();
		return entries;
	}

	/** How many messages there are before a position, counting in whole ones. */
	private static int wholeRecords(List<LogEntry> entries, int position) {
		int end = SegmentHeader.SIZE;
		int count = 0;
		while (count < entries.size()) {
			end += RecordCodec.encode(entries.get(count), true).length;
			if (end > position) {
				break;
			}
			count++;
		}
		return (position < SegmentHeader.SIZE) ? 0 : count;
	}

	private static long highWatermark(List<Draft> drafts, List<LogEntry> entries, int count) {
		long committed = -1;
		for (int i = 0; i < count; i++) {
			committed = drafts.get(i).committed() ? entries.get(i).offset() : committed;
		}
		return committed;
	}

	private static LogEntry entry(long offset, long timestamp, String key, String message) {
		return new LogEntry(offset, timestamp, ByteString.copyFromUtf8(key), 1,
				message.getBytes(StandardCharsets.UTF_8));
	}

	private static void assertSame(StoredLog loaded, List<LogEntry> expected) {
		assertThat(loaded.segments().stream().flatMap((segment) -> segment.entries().stream()).map(Seen::of))
			.containsExactlyElementsOf(expected.stream().map(Seen::of).toList());
	}

	/** A message that has no offset yet. */
	record Draft(int step, long timestamp, byte[] key, byte[] message, boolean committed) {

	}

	/** All there is to a message, comparable. */
	record Seen(long offset, long timestamp, ByteString key, int size, ByteString message) {

		static Seen of(LogEntry entry) {
			return new Seen(entry.offset(), entry.timestamp(), entry.key(), entry.storedSize(),
					ByteString.copyFrom(entry.message()));
		}

	}

}
