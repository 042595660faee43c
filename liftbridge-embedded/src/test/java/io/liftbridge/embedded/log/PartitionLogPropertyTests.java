package io.liftbridge.embedded.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

class PartitionLogPropertyTests {

	private static final String CLEAN = "clean";

	/** Appends with the given key ("" for none), and runs of the cleaner. */
	@Provide
	Arbitrary<List<String>> actions() {
		return Arbitraries.of("", "a", "b", "c", CLEAN).list().ofMaxSize(60);
	}

	private static LogOptions options(int segmentMessages, long maxMessages, boolean compact) {
		return new LogOptions(segmentMessages * 10L, Duration.ZERO, 0, maxMessages, Duration.ZERO, compact, false);
	}

	/** Applies the actions and returns the keys in the order of their offsets. */
	private static List<String> apply(List<String> actions, PartitionLog log) {
		List<String> keys = new ArrayList<>();
		for (String action : actions) {
			if (action.equals(CLEAN)) {
				log.clean();
			}
			else {
				LogEntry entry = log.append(Record.of(action, "v" + keys.size()), true);
				assertThat(entry).isNotNull();
				assertThat(entry.offset()).isEqualTo(keys.size());
				keys.add(action);
			}
		}
		return keys;
	}

	private static List<Long> offsets(LogReader reader) {
		List<Long> offsets = new ArrayList<>();
		for (LogEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
			assertThat(new String(entry.message(), StandardCharsets.UTF_8)).isEqualTo("v" + entry.offset());
			offsets.add(entry.offset());
		}
		return offsets;
	}

	@Property(tries = 300)
	void withoutLimitsEveryOffsetIsReadFromEverywhere(@ForAll("actions") List<String> actions,
			@ForAll @IntRange(min = 1, max = 10) int segmentMessages, @ForAll @IntRange(max = 60) int start) {
		PartitionLog log = new PartitionLog(options(segmentMessages, 0, false));
		int count = apply(actions, log).size();
		long first = Math.min(start, count);
		assertThat(offsets(log.reader(start)))
			.containsExactlyElementsOf(LongStream.range(first, count).boxed().toList());
		if (count > 0) {
			List<Long> backwards = new ArrayList<>(
					LongStream.rangeClosed(0, Math.min(start, count - 1)).boxed().toList());
			Collections.reverse(backwards);
			assertThat(offsets(log.reverseReader(start))).containsExactlyElementsOf(backwards);
		}
	}

	@Property(tries = 300)
	void retentionKeepsASuffix(@ForAll("actions") List<String> actions,
			@ForAll @IntRange(min = 1, max = 5) int segmentMessages,
			@ForAll @IntRange(min = 1, max = 20) int maxMessages) {
		PartitionLog log = new PartitionLog(options(segmentMessages, maxMessages, false));
		int count = apply(actions, log).size();
		log.clean();
		log.clean();
		List<Long> kept = offsets(log.reader(0));
		assertThat(kept).containsExactlyElementsOf(LongStream.range(count - kept.size(), count).boxed().toList());
		assertThat(kept.size()).isLessThanOrEqualTo(Math.max(maxMessages, segmentMessages));
		assertThat(log.newestOffset()).isEqualTo(count - 1);
		assertThat(log.oldestOffset()).isEqualTo(kept.isEmpty() ? -1 : kept.get(0));
		assertThat(offsets(log.reader(Math.max(0, count - 1)))).hasSizeLessThanOrEqualTo(1);
	}

	@Property(tries = 300)
	void compactionKeepsTheLastOfEachKeyAndAllWithoutKey(@ForAll("actions") List<String> actions,
			@ForAll @IntRange(min = 1, max = 5) int segmentMessages) {
		PartitionLog log = new PartitionLog(options(segmentMessages, 0, true));
		List<String> keys = apply(actions, log);
		log.clean();
		log.clean();
		List<Long> kept = offsets(log.reader(0));
		assertThat(kept).isSorted().doesNotHaveDuplicates();
		Map<String, Long> last = new HashMap<>();
		Set<Long> mustStay = new HashSet<>();
		for (int offset = 0; offset < keys.size(); offset++) {
			if (keys.get(offset).isEmpty()) {
				mustStay.add((long) offset);
			}
			else {
				last.put(keys.get(offset), (long) offset);
			}
		}
		mustStay.addAll(last.values());
		assertThat(kept).containsAll(mustStay);
		long activeFrom = keys.size() - (keys.size() % segmentMessages == 0 ? 0 : keys.size() % segmentMessages);
		assertThat(kept.stream().filter((offset) -> offset < activeFrom && offset < keys.size() - 1))
			.allMatch(mustStay::contains);
		for (int start = 0; start < keys.size(); start++) {
			long from = start;
			assertThat(offsets(log.reader(start)))
				.containsExactlyElementsOf(kept.stream().filter((offset) -> offset >= from).toList());
		}
	}

	@Property(tries = 200)
	void aReaderMissesNothingWhileTheLogGrows(@ForAll("actions") List<String> actions,
			@ForAll @IntRange(min = 1, max = 5) int segmentMessages, @ForAll @IntRange(min = 1, max = 10) int step) {
		PartitionLog log = new PartitionLog(options(segmentMessages, 0, false));
		LogReader reader = log.reader(0);
		List<Long> seen = new ArrayList<>();
		int count = 0;
		for (String action : actions) {
			if (!action.equals(CLEAN)) {
				log.append(Record.of(action, "v" + count++), true);
			}
			if (count % step == 0) {
				seen.addAll(offsets(reader));
			}
		}
		seen.addAll(offsets(reader));
		assertThat(seen).containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
	}

}
