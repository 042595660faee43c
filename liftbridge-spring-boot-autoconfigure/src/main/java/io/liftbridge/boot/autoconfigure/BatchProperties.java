package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.producer.BatchSize;

import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.producer.batch}.
 */
public class BatchProperties {

	/**
	 * When messages of a partition go on their way together. Batch entries make it
	 * adaptive if it is none.
	 */
	private BatchMode mode = BatchMode.NONE;

	/**
	 * Number of messages that make a batch full, where the mode is fixed.
	 */
	private int messages = 100;

	/**
	 * Maximum time that a batch waits to be full, where the mode is fixed. Zero for no
	 * bound.
	 */
	private Duration linger = Duration.ZERO;

	/**
	 * Maximum number of batches of a partition on their way.
	 */
	private int maxBatches = 2;

	/**
	 * Size that makes a batch full.
	 */
	private DataSize maxSize = DataSize.ofMegabytes(1);

	public BatchMode getMode() {
		return this.mode;
	}

	public void setMode(BatchMode mode) {
		this.mode = mode;
	}

	public int getMessages() {
		return this.messages;
	}

	public void setMessages(int messages) {
		this.messages = messages;
	}

	public Duration getLinger() {
		return this.linger;
	}

	public void setLinger(Duration linger) {
		this.linger = linger;
	}

	public int getMaxBatches() {
		return this.maxBatches;
	}

	public void setMaxBatches(int maxBatches) {
		this.maxBatches = maxBatches;
	}

	public DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(DataSize maxSize) {
		this.maxSize = maxSize;
	}

	BatchSize toBatchSize() {
		return switch (this.mode) {
			case NONE -> BatchSize.none();
			case ADAPTIVE -> BatchSize.adaptive();
			case FIXED -> BatchSize.fixed(this.messages);
		};
	}

	/**
	 * Values of {@code liftbridge.producer.batch.mode}.
	 */
	public enum BatchMode {

		/** Each message goes out as it is sent. */
		NONE,

		/**
		 * At once if nothing of the partition is on its way, else when that is answered.
		 */
		ADAPTIVE,

		/** When the batch is full, has lingered, or somebody waits for it. */
		FIXED

	}

}
