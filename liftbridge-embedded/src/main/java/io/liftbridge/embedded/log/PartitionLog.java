package io.liftbridge.embedded.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one partition, in memory, and kept in a storage if there is one. Its
 * size is bounded by retention only.
 * <p>
 * Thread-safe. Messages become visible to readers once they are committed, that is, up to
 * the high watermark.
 */
public final class PartitionLog {

	private enum State {

		OPEN, CLOSED, DELETED

	}

	private final LogOptions options;

	private final ReentrantLock lock = new ReentrantLock();

	private final Segments segments;

	private List<Runnable> waiters = new ArrayList<>();

	private long lastTimestamp;

	private volatile long highWatermark;

	private volatile long newestOffset;

	private volatile State state = State.OPEN;

	private volatile int session;

	private volatile boolean readonly;

	/**
	 * Creates an empty log in memory that takes messages.
	 * @param options how it rolls and what it keeps
	 */
	public PartitionLog(LogOptions options) {
		this(options, LogStorage.NONE);
	}

	/**
	 * Creates a log that takes messages and has those that were kept.
	 * @param options how it rolls and what it keeps
	 * @param storage where it is kept beside memory
	 * @throws StorageException if that cannot be read
	 */
	public PartitionLog(LogOptions options, LogStorage storage) {
		this.options = options;
		StoredLog stored = storage.load();
		this.segments = new Segments(stored, storage);
		this.newestOffset = this.segments.nextOffset() - 1;
		this.highWatermark = stored.highWatermark();
		this.lastTimestamp = stored.lastTimestamp();
	}

	/**
	 * How the log rolls its segments and what it keeps.
	 * @return the options it was created with
	 */
	public LogOptions options() {
		return this.options;
	}

	/**
	 * Stores a message.
	 * @param record the message
	 * @param commit whether it is committed at once, and with it everything before it
	 * @return the stored message, or {@code null} if the log is read-only, closed or
	 * deleted and dropped it
	 * @throws IncorrectOffsetException if the log controls concurrency and the message
	 * expects another offset
	 * @throws StorageException if the message cannot be kept; then it is not stored
	 */
	public @Nullable LogEntry append(LogRecord record, boolean commit) {
		LogEntry entry;
		List<Runnable> woken = List.of();
		this.lock.lock();
		try {
			if (this.state != State.OPEN || this.readonly) {
				return null;
			}
			long timestamp = Math.max(Nanos.now(), this.lastTimestamp);
			this.segments.rollIfDue(this.options, timestamp);
			long offset = this.newestOffset + 1;
			long expected = record.expectedOffset();
			if (this.options.concurrencyControl() && expected != -1 && expected != offset) {
				throw new IncorrectOffsetException(expected, offset);
			}
			entry = new LogEntry(offset, timestamp, record);
			this.segments.add(entry, commit);
			this.lastTimestamp = timestamp;
			this.newestOffset = offset;
			if (commit) {
				this.highWatermark = offset;
				woken = takeWaiters();
			}
		}
		finally {
			this.lock.unlock();
		}
		woken.forEach(Runnable::run);
		return entry;
	}

	/**
	 * Lets retention and compaction do their work. To be called from time to time, by one
	 * thread at a time. A call that finds the newest segment due to be sealed does that
	 * after retention, and no more; the next one may then remove it.
	 * @throws StorageException if the storage does not follow
	 */
	public void clean() {
		List<Segment> sealed;
		List<LogEntry> newest;
		this.lock.lock();
		try {
			if (this.state != State.OPEN) {
				return;
			}
			// First, because a disk that is full takes no new segment before.
			this.segments.retain(this.options, Nanos.now());
			if (this.segments.rollIfDue(this.options, Nanos.now())) {
				return;
			}
			sealed = this.segments.sealed();
			if (!this.options.compact() || sealed.isEmpty()) {
				return;
			}
			newest = this.segments.copyOfActive();
		}
		finally {
			this.lock.unlock();
		}
		List<Segment> compacted = new Compaction(this.highWatermark).compact(sealed, newest);
		this.segments.keep(sealed, compacted);
		this.lock.lock();
		try {
			if (this.state != State.DELETED) {
				this.segments.replaceFirst(sealed.size(), compacted);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A reader from old to new. Beyond the end it starts with the next message that is
	 * committed.
	 * @param offset where to start; the next existing message is taken if there is none
	 * @return the reader
	 * @throws LogException if the log is closed and the offset is in it
	 */
	public LogReader reader(long offset) {
		this.lock.lock();
		try {
			boolean beyondEnd = offset > this.highWatermark || this.segments.oldestOffset() == -1;
			if (!beyondEnd && this.state != State.OPEN) {
				throw closedSegment("");
			}
			return new ForwardReader(this, beyondEnd ? this.highWatermark + 1 : offset);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A reader from new to old, which ends at the oldest message.
	 * @param offset where to start, at most the high watermark
	 * @return the reader
	 * @throws LogException if nothing was ever committed
	 */
	public LogReader reverseReader(long offset) {
		if (this.highWatermark == -1) {
			throw new LogException("segment not found");
		}
		return new ReverseReader(this, Math.min(offset, this.highWatermark));
	}

	/**
	 * The offset of the newest stored message.
	 * @return the offset, -1 if nothing was ever stored
	 */
	public long newestOffset() {
		return this.newestOffset;
	}

	/**
	 * The offset of the newest committed message.
	 * @return the offset, -1 if nothing was ever committed
	 */
	public long highWatermark() {
		return this.highWatermark;
	}

	/**
	 * The offset of the oldest message still there.
	 * @return the offset, -1 if there is none
	 */
	public long oldestOffset() {
		this.lock.lock();
		try {
			return this.segments.oldestOffset();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The first message at or after a time.
	 * @param timestamp Unix time in nanoseconds
	 * @return its offset, or that of the next message to come
	 * @throws LogException if the log is closed
	 */
	public long earliestOffsetAfter(long timestamp) {
		this.lock.lock();
		try {
			ensureOpenForLookup();
			LogEntry entry = this.segments.firstAtOrAfter(timestamp);
			return (entry != null) ? entry.offset() : this.newestOffset + 1;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The last message at or before a time.
	 * @param timestamp Unix time in nanoseconds
	 * @return its offset
	 * @throws LogException if the log is empty, closed, or starts later
	 */
	public long latestOffsetBefore(long timestamp) {
		this.lock.lock();
		try {
			ensureOpenForLookup();
			return this.segments.lastOffsetUpTo(timestamp);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void ensureOpenForLookup() {
		if (this.state != State.OPEN) {
			throw closedSegment("failed to find log segment for timestamp: ");
		}
	}

	private static LogException closedSegment(String prefix) {
		return new LogException(prefix + "segment has been closed");
	}

	/**
	 * Whether the log takes messages.
	 * @return {@code true} if it does not
	 */
	public boolean isReadonly() {
		return this.readonly;
	}

	/**
	 * Makes the log take messages or not. Readers of a log that does not take any end
	 * when they have read all.
	 * @param readonly whether it takes none
	 */
	public void setReadonly(boolean readonly) {
		change(() -> this.readonly = readonly);
	}

	/**
	 * Closes the log and ends its readers. The messages stay.
	 */
	public void close() {
		change(() -> {
			if (this.state == State.OPEN) {
				this.state = State.CLOSED;
			}
		});
	}

	/**
	 * Opens a closed log again. It takes messages then, even if it was read-only before.
	 */
	public void reopen() {
		change(() -> {
			if (this.state == State.CLOSED) {
				this.session++;
				this.state = State.OPEN;
				this.readonly = false;
			}
		});
	}

	/**
	 * Deletes the log and ends its readers.
	 * @throws StorageException if something of it is left
	 */
	public void delete() {
		change(() -> {
			this.state = State.DELETED;
			this.segments.clear();
		});
		this.lock.lock();
		try {
			this.segments.storage().delete();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets go of the storage. Nothing is stored afterwards.
	 */
	public void release() {
		this.lock.lock();
		try {
			this.segments.storage().close();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * When a message was stored last.
	 * @return Unix time in nanoseconds, 0 for never
	 */
	public long lastTimestamp() {
		this.lock.lock();
		try {
			return this.lastTimestamp;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void change(Runnable change) {
		List<Runnable> woken;
		this.lock.lock();
		try {
			change.run();
			woken = takeWaiters();
		}
		finally {
			this.lock.unlock();
		}
		woken.forEach(Runnable::run);
	}

	private List<Runnable> takeWaiters() {
		if (this.waiters.isEmpty()) {
			return List.of();
		}
		List<Runnable> taken = this.waiters;
		this.waiters = new ArrayList<>();
		return taken;
	}

	/**
	 * A number that changes whenever the log is opened again, which ends older readers.
	 */
	int session() {
		return this.session;
	}

	/**
	 * Why a reader that was opened in the given session ends now, whatever it has read.
	 */
	@Nullable LogEnd endOf(int readerSession) {
		State now = this.state;
		if (now == State.DELETED) {
			return LogEnd.DELETED;
		}
		return (now == State.CLOSED || this.session != readerSession) ? LogEnd.CLOSED : null;
	}

	/**
	 * Whether a reader at the given position has read all there will ever be.
	 */
	boolean hasEndedAt(long offset) {
		this.lock.lock();
		try {
			return this.readonly && this.highWatermark == this.newestOffset && !hasCommittedFrom(offset);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean hasCommittedFrom(long offset) {
		return this.segments.hasBetween(offset, this.highWatermark);
	}

	/**
	 * Copies committed entries from an offset on.
	 * @return how many
	 */
	int read(long offset, @Nullable LogEntry[] into) {
		this.lock.lock();
		try {
			return this.segments.read(offset, this.highWatermark, into);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The last entry at the given offset or before.
	 */
	@Nullable LogEntry readBackwards(long offset) {
		this.lock.lock();
		try {
			return this.segments.readBackwards(offset);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Registers a wake-up unless there is news for a reader at the given position.
	 */
	boolean await(long offset, int readerSession, Runnable wake) {
		this.lock.lock();
		try {
			if (endOf(readerSession) != null || hasCommittedFrom(offset) || hasEndedAt(offset)) {
				return false;
			}
			this.waiters.add(wake);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	void forget(Runnable wake) {
		this.lock.lock();
		try {
			this.waiters.remove(wake);
		}
		finally {
			this.lock.unlock();
		}
	}

}
