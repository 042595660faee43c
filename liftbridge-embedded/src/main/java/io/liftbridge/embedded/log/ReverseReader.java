package io.liftbridge.embedded.log;

import org.jspecify.annotations.Nullable;

/**
 * Reads from new to old and never waits.
 */
final class ReverseReader implements LogReader {

	private final PartitionLog log;

	private final int session;

	private long position;

	ReverseReader(PartitionLog log, long offset) {
		this.log = log;
		this.session = log.session();
		this.position = offset;
	}

	@Override
	public @Nullable LogEntry poll() {
		if (this.log.endOf(this.session) != null) {
			return null;
		}
		LogEntry entry = this.log.readBackwards(this.position);
		this.position = (entry != null) ? entry.offset() - 1 : -1;
		return entry;
	}

	@Override
	public LogEnd end() {
		LogEnd end = this.log.endOf(this.session);
		return (end != null) ? end : LogEnd.START_OF_LOG;
	}

	@Override
	public boolean await(Runnable wake) {
		return false;
	}

	@Override
	public void forget(Runnable wake) {
		// Never waits.
	}

}
