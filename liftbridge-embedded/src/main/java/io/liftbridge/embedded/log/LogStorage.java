package io.liftbridge.embedded.log;

import java.util.List;

/**
 * Where a log is kept beyond the life of the broker. The log calls it under its lock, but
 * for {@link #rewrite(long, List)}, which one thread at a time calls without it.
 */
public interface LogStorage {

	/** Keeps nothing: the log is in memory only. */
	LogStorage NONE = new MemoryOnly();

	/**
	 * What was kept.
	 * @return the segments and where the log stands
	 * @throws StorageException if it cannot be read
	 */
	StoredLog load();

	/**
	 * Keeps a message in the newest segment.
	 * @param entry the message
	 * @param committed whether it is committed, and with it everything before it
	 * @throws StorageException if it cannot be kept; then nothing of it is
	 */
	void append(LogEntry entry, boolean committed);

	/**
	 * Begins a new segment.
	 * @param baseOffset offset of its first message
	 * @throws StorageException if it cannot be begun; then the present one goes on
	 */
	void roll(long baseOffset);

	/**
	 * Puts other content in the place of a segment that no longer grows.
	 * @param baseOffset which segment
	 * @param entries what it keeps; the segment is removed if there are none
	 * @throws StorageException if that fails; then the former content stays
	 */
	void rewrite(long baseOffset, List<LogEntry> entries);

	/**
	 * Removes everything.
	 * @throws StorageException if something is left
	 */
	void delete();

	/**
	 * Lets go of what is open. Nothing can be kept afterwards.
	 */
	void close();

}
