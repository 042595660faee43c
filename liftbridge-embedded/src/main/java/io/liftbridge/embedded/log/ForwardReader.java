package io.liftbridge.embedded.log;

import org.jspecify.annotations.Nullable;

/**
 * Reads from old to new and waits at the end. Takes entries out of the log in bursts, so
 * that the log's lock is taken once for many messages.
 */
final class ForwardReader implements LogReader {

	private static final int BURST = 128;

	private final PartitionLog log;

	private final int session;

	private final @Nullable LogEntry[] burst = new LogEntry[BURST];

	private int size;

	private int next;

	private long position;

	ForwardReader(PartitionLog log, long offset) {
		this.log = log;
		this.session = log.session();
		this.position = offset;
	}

	@Override
	public @Nullable LogEntry poll() {
		if (this.log.endOf(this.session) != null) {
			return null;
		}
		if (this.next == this.size) {
			this.next = 0;
			this.size = this.log.read(this.position, this.burst);
			if (this.size == 0) {
				return null;
			}
		}
		LogEntry entry = this.burst[this.next];
		this.burst[this.next++] = null;
		if (entry != null) {
			this.position = entry.offset() + 1;
		}
		return entry;
	}

	@Override
	public @Nullable LogEnd end() {
		LogEnd end = this.log.endOf(this.session);
		if (end == null && this.next == this.size && this.log.hasEndedAt(this.position)) {
			return LogEnd.READONLY;
		}
		return end;
	}

	@Override
	public boolean await(Runnable wake) {
		return this.log.await(this.position, this.session, wake);
	}

	@Override
	public void forget(Runnable wake) {
		this.log.forget(wake);
	}

}
