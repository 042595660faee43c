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
