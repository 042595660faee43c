package io.liftbridge.embedded.log;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartitionLogTests {

	private final PartitionLog log = new PartitionLog(LogOptions.defaults());

	private void append(String... texts) {
		for (String text : texts) {
			this.log.append(Record.of(text), true);
		}
	}

	static List<String> drain(LogReader reader) {
		List<String> texts = new ArrayList<>();
		for (LogEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
			texts.add(new String(entry.message(), StandardCharsets.UTF_8));
		}
		return texts;
	}

	@Test
	void anEmptyLogHasNoOffsets() {
		assertThat(this.log.newestOffset()).isEqualTo(-1);
		assertThat(this.log.oldestOffset()).isEqualTo(-1);
		assertThat(this.log.highWatermark()).isEqualTo(-1);
		assertThat(this.log.reader(0).poll()).isNull();
	}

	@Test
	void readsWhatWasAppended() {
		append("a", "b", "c");
		assertThat(drain(this.log.reader(1))).containsExactly("b", "c");
		LogReader reader = this.log.reader(3);
		assertThat(reader.poll()).isNull();
		append("d");
		assertThat(drain(reader)).containsExactly("d");
	}

	@Test
	void hidesWhatIsNotCommitted() {
		append("a");
		this.log.append(Record.of("b"), false);
		LogReader reader = this.log.reader(0);
		assertThat(drain(reader)).containsExactly("a");
		append("c");
		assertThat(drain(reader)).containsExactly("b", "c");
	}

	@Test
	void wakesAReaderOnce() {
		AtomicInteger woken = new AtomicInteger();
		LogReader reader = this.log.reader(0);
		assertThat(reader.await(woken::incrementAndGet)).isTrue();
		append("a", "b");
		assertThat(woken).hasValue(1);
		assertThat(reader.await(woken::incrementAndGet)).isFalse();
		drain(reader);
		Runnable wake = woken::incrementAndGet;
		assertThat(reader.await(wake)).isTrue();
		reader.forget(wake);
		append("c");
		assertThat(woken).hasValue(1);
	}

	@Test
	void doesNotWakeForUncommittedMessages() {
		AtomicInteger woken = new AtomicInteger();
		assertThat(this.log.reader(0).await(woken::incrementAndGet)).isTrue();
		this.log.append(Record.of("a"), false);
		assertThat(woken).hasValue(0);
	}

	@Test
	void dropsWhatComesWhenItIsReadonlyOrClosed() {
		this.log.setReadonly(true);
		assertThat(this.log.append(Record.of("a"), true)).isNull();
		this.log.close();
		assertThat(this.log.append(Record.of("a"), true)).isNull();
		this.log.reopen();
		assertThat(this.log.append(Record.of("a"), true)).isNotNull();
		this.log.delete();
		assertThat(this.log.append(Record.of("a"), true)).isNull();
	}

	@Test
	void tellsReadersWhyTheyEnd() {
		append("a");
		LogReader reader = this.log.reader(0);
		AtomicInteger woken = new AtomicInteger();
		assertThat(reader.end()).isNull();
		this.log.setReadonly(true);
		assertThat(reader.end()).isNull();
		drain(reader);
		assertThat(reader.end()).isEqualTo(LogEnd.READONLY);
		assertThat(reader.await(woken::incrementAndGet)).isFalse();
		this.log.setReadonly(false);
		assertThat(reader.end()).isNull();
		assertThat(reader.await(woken::incrementAndGet)).isTrue();
		this.log.close();
		assertThat(woken).hasValue(1);
		assertThat(reader.end()).isEqualTo(LogEnd.CLOSED);
		this.log.reopen();
		assertThat(reader.end()).isEqualTo(LogEnd.CLOSED);
		assertThat(drain(reader)).isEmpty();
		assertThat(drain(this.log.reader(0))).containsExactly("a");
		this.log.delete();
		assertThat(reader.end()).isEqualTo(LogEnd.DELETED);
	}

	@Test
	void refusesUnexpectedOffsetsUnderConcurrencyControl() {
		PartitionLog controlled = new PartitionLog(
				new LogOptions(100, Duration.ZERO, 0, 0, Duration.ZERO, false, true));
		assertThatExceptionOfType(IncorrectOffsetException.class)
			.isThrownBy(() -> controlled.append(new Record("a", "", 1), true));
		assertThat(controlled.append(new Record("a", "", 0), true)).isNotNull();
		assertThat(controlled.append(new Record("a", "", -1), true)).isNotNull();
		assertThat(this.log.append(new Record("a", "", 99), true)).isNotNull();
	}

	@Test
	void goesOnAfterEverythingUpToTheEndWasRemoved() {
		PartitionLog small = new PartitionLog(
				new LogOptions(Long.MAX_VALUE, Duration.ofNanos(1), 0, 0, Duration.ofNanos(1), false, false));
		small.append(Record.of("a"), true);
		small.append(Record.of("b"), true);
		LogReader slow = small.reader(0);
		small.clean();
		small.clean();
		assertThat(small.oldestOffset()).isEqualTo(-1);
		assertThat(small.newestOffset()).isEqualTo(1);
		AtomicInteger woken = new AtomicInteger();
		assertThat(slow.poll()).isNull();
		assertThat(slow.await(woken::incrementAndGet)).isTrue();
		small.append(Record.of("c"), true);
		assertThat(woken).hasValue(1);
		assertThat(drain(slow)).containsExactly("c");
		assertThatExceptionOfType(LogException.class).isThrownBy(() -> {
			small.clean();
			small.clean();
			small.latestOffsetBefore(Long.MAX_VALUE);
		}).withMessage("failed to find log segment for timestamp: EOF");
	}

	@Test
	void neverGoesBackInTime() {
		append("a", "b", "c");
		LogReader reader = this.log.reader(0);
		long last = 0;
		for (LogEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
			assertThat(entry.timestamp()).isGreaterThanOrEqualTo(last);
			last = entry.timestamp();
		}
		assertThat(this.log.earliestOffsetAfter(last + 1)).isEqualTo(3);
		assertThat(this.log.latestOffsetBefore(last + 1)).isEqualTo(2);
		assertThat(this.log.earliestOffsetAfter(0)).isZero();
	}

	@Test
	void retentionMakesRoomOnADiskThatTakesNoNewSegment() {
		boolean[] full = new boolean[1];
		LogStorage storage = (LogStorage) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { LogStorage.class }, (self, method, args) -> {
					if (full[0] && method.getName().equals("roll")) {
						throw new StorageException("No space left");
					}
					return method.invoke(LogStorage.NONE, args);
				});
		PartitionLog small = new PartitionLog(new LogOptions(1, Duration.ZERO, 0, 2, Duration.ZERO, false, false),
				storage);
		for (String text : List.of("a", "b", "c", "d")) {
			small.append(Record.of(text), true);
		}
		full[0] = true;
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> small.append(Record.of("e"), true));
		assertThatExceptionOfType(StorageException.class).isThrownBy(small::clean);
		assertThat(small.oldestOffset()).isEqualTo(2);
		full[0] = false;
		assertThat(small.append(Record.of("e"), true)).isNotNull();
		assertThat(drain(small.reader(0))).containsExactly("c", "d", "e");
	}

}
