package io.liftbridge.embedded.log;

import java.util.List;

/**
 * Keeps nothing, and costs nothing.
 */
final class MemoryOnly implements LogStorage {

	@Override
	public StoredLog load() {
		return StoredLog.EMPTY;
	}

	@Override
	public void append(LogEntry entry, boolean committed) {
		// Memory is enough.
	}

	@Override
	public void roll(long baseOffset) {
		// Memory is enough.
	}

	@Override
	public void rewrite(long baseOffset, List<LogEntry> entries) {
		// Memory is enough.
	}

	@Override
	public void delete() {
		// There is nothing.
	}

	@Override
	public void close() {
		// Nothing is open.
	}

}
