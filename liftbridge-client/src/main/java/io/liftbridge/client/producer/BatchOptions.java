package io.liftbridge.client.producer;

import java.time.Duration;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.InvalidRequestException;

/**
 * How a producer makes batches. For use inside the client.
 *
 * @param size when a batch goes on its way
 * @param maxBatches how many of a partition may be on their way
 * @param linger how long a batch waits for more messages, zero for no bound
 * @param maxBatchBytes how many bytes make a batch full
 * @param maxRecords how many messages share a batch entry, 0 for no batch entries
 * @param maxEntryBytes how many bytes share a batch entry, before it is compressed
 */
public record BatchOptions(BatchSize size, int maxBatches, Duration linger, int maxBatchBytes, int maxRecords,
		int maxEntryBytes) {

	/** No batches. */
	static final BatchOptions NONE = new BatchOptions(BatchSize.none(), 2, Duration.ZERO, 1 << 20, 0, 512 << 10);

	/** Whether there are batches. */
	boolean isOn() {
		return !this.size.isNone();
	}

	/**
	 * Whether batches that are not full wait for more, although nothing is on its way.
	 */
	boolean isPatient() {
		return isOn() && !this.size.isAdaptive();
	}

	boolean hasEntries() {
		return this.maxRecords > 0;
	}

	boolean lingers() {
		return !this.linger.isZero();
	}

	int maxMessages() {
		return this.size.messages();
	}

	BatchOptions size(BatchSize other) {
		return new BatchOptions(other, this.maxBatches, this.linger, this.maxBatchBytes, this.maxRecords,
				this.maxEntryBytes);
	}

	BatchOptions maxBatches(int batches) {
		return new BatchOptions(this.size, batches, this.linger, this.maxBatchBytes, this.maxRecords,
				this.maxEntryBytes);
	}

	BatchOptions linger(Duration time) {
		return new BatchOptions(this.size, this.maxBatches, time, this.maxBatchBytes, this.maxRecords,
				this.maxEntryBytes);
	}

	BatchOptions maxBatchBytes(int bytes) {
		return new BatchOptions(this.size, this.maxBatches, this.linger, bytes, this.maxRecords, this.maxEntryBytes);
	}

	BatchOptions maxRecords(int records) {
		return new BatchOptions(this.size, this.maxBatches, this.linger, this.maxBatchBytes, records,
				this.maxEntryBytes);
	}

	BatchOptions maxEntryBytes(int bytes) {
		return new BatchOptions(this.size, this.maxBatches, this.linger, this.maxBatchBytes, this.maxRecords, bytes);
	}

	/** Refuses what cannot work together. */
	BatchOptions check(int maxInFlight) {
		if (hasEntries() && this.size.isNone()) {
			return size(BatchSize.adaptive()).check(maxInFlight);
		}
		if (lingers() && (this.size.isNone() || this.size.isAdaptive())) {
			throw new InvalidRequestException("Producer option linger is " + Bounds.text(this.linger)
					+ ", but batch is " + this.size
					+ ": only batches of a fixed size wait. Set batch to BatchSize.fixed(n), or leave linger out.",
					null);
		}
		if (!this.size.isAdaptive() && this.size.messages() > maxInFlight) {
			throw new InvalidRequestException(
					"Producer option batch is " + this.size + ", which never gets full, as maxInFlight is "
							+ maxInFlight
							+ ". Make batches smaller, or raise maxInFlight (liftbridge.producer.max-in-flight).",
					null);
		}
		return this;
	}

}
