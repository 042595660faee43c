package io.liftbridge.embedded.stream;

import io.liftbridge.embedded.log.Nanos;
import io.liftbridge.proto.PartitionEventTimestamps;

/**
 * When something happened first and last. Thread-safe.
 */
final class EventTimes {

	private volatile long first;

	private volatile long latest;

	void happened() {
		long now = Nanos.now();
		if (this.first == 0) {
			this.first = now;
		}
		this.latest = now;
	}

	/**
	 * Makes it happen at the broker's start: a real broker goes through all changes again
	 * then.
	 * @param ever whether it ever happened
	 */
	void happenedAtStart(boolean ever) {
		this.first = 0;
		this.latest = 0;
		if (ever) {
			happened();
		}
	}

	boolean everHappened() {
		return this.first != 0;
	}

	long latest() {
		return this.latest;
	}

	PartitionEventTimestamps describe() {
		return PartitionEventTimestamps.newBuilder()
			.setFirstTimestamp(this.first)
			.setLatestTimestamp(this.latest)
			.build();
	}

}
