package io.liftbridge.spring.sink;

import java.time.Duration;

/**
 * Options of a {@link BulkSink}. Set them before the sink is created; not safe for use by
 * several threads.
 */
public class SinkProperties {

	private int batchSize = 5000;

	private int bufferMessages = 1_000_000;

	private long bufferBytes = 256L << 20;

	private int batchesPerPartition = 4;

	private Duration waitTime = Duration.ofMillis(500);

	private int workers = 32;

	private Duration maxRecoveryPause = Duration.ofSeconds(5);

	private Duration shutdownTimeout = Duration.ofSeconds(10);

	/**
	 * Creates options with their defaults.
	 */
	public SinkProperties() {
	}

	/**
	 * Creates a copy.
	 * @param other what to copy
	 */
	public SinkProperties(SinkProperties other) {
		this.batchSize = other.batchSize;
		this.bufferMessages = other.bufferMessages;
		this.bufferBytes = other.bufferBytes;
		this.batchesPerPartition = other.batchesPerPartition;
		this.waitTime = other.waitTime;
		this.workers = other.workers;
		this.maxRecoveryPause = other.maxRecoveryPause;
		this.shutdownTimeout = other.shutdownTimeout;
	}

	public int getBatchSize() {
		return this.batchSize;
	}

	/**
	 * Sets how many messages are written together at the most.
	 * @param batchSize 1 and above, default 5000
	 */
	public void setBatchSize(int batchSize) {
		this.batchSize = positive("batchSize", batchSize);
	}

	public int getBufferMessages() {
		return this.bufferMessages;
	}

	/**
	 * Sets how many messages may wait in memory or be written, of all partitions
	 * together. Beyond that nothing more is read.
	 * @param bufferMessages 1 and above, default 1,000,000
	 */
	public void setBufferMessages(int bufferMessages) {
		this.bufferMessages = positive("bufferMessages", bufferMessages);
	}

	public long getBufferBytes() {
		return this.bufferBytes;
	}

	/**
	 * Sets how many bytes these messages may have.
	 * @param bufferBytes 1 and above, default 256 MiB
	 */
	public void setBufferBytes(long bufferBytes) {
		if (bufferBytes < 1) {
			throw new IllegalArgumentException("Sink option bufferBytes is " + bufferBytes + "; it must be 1 or more.");
		}
		this.bufferBytes = bufferBytes;
	}

	public int getBatchesPerPartition() {
		return this.batchesPerPartition;
	}

	/**
	 * Sets how many batches of one partition may be in memory, that which is being
	 * written included. What is further ahead is better left to the server: it is not
	 * written sooner, and takes room from other partitions.
	 * @param batchesPerPartition 1 and above, default 4
	 */
	public void setBatchesPerPartition(int batchesPerPartition) {
		this.batchesPerPartition = positive("batchesPerPartition", batchesPerPartition);
	}

	public Duration getWaitTime() {
		return this.waitTime;
	}

	/**
	 * Sets how long the first message of a batch waits for others at the most.
	 * @param waitTime default 500 ms; zero to write what is there at once
	 */
	public void setWaitTime(Duration waitTime) {
		this.waitTime = notNegative("waitTime", waitTime);
	}

	public int getWorkers() {
		return this.workers;
	}

	/**
	 * Sets how many batches are written at the same time, each of another partition. A
	 * database needs as many connections.
	 * @param workers 1 and above, default 32
	 */
	public void setWorkers(int workers) {
		this.workers = positive("workers", workers);
	}

	public Duration getMaxRecoveryPause() {
		return this.maxRecoveryPause;
	}

	/**
	 * Sets the longest pause between attempts to write.
	 * @param maxRecoveryPause at least a millisecond, default 5 s; the first pause is 250
	 * ms
	 */
	public void setMaxRecoveryPause(Duration maxRecoveryPause) {
		if (maxRecoveryPause.compareTo(Duration.ofMillis(1)) < 0) {
			throw new IllegalArgumentException(
					"Sink option maxRecoveryPause is " + maxRecoveryPause + "; it must be 1 ms or more.");
		}
		this.maxRecoveryPause = maxRecoveryPause;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	/**
	 * Sets how long stopping waits for what is in memory to be written. What is not comes
	 * again after the next start.
	 * @param shutdownTimeout default 10 s
	 */
	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = notNegative("shutdownTimeout", shutdownTimeout);
	}

	private static int positive(String option, int value) {
		if (value < 1) {
			throw new IllegalArgumentException("Sink option " + option + " is " + value + "; it must be 1 or more.");
		}
		return value;
	}

	private static Duration notNegative(String option, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("Sink option " + option + " is " + value + "; it must not be negative.");
		}
		return value;
	}

}
