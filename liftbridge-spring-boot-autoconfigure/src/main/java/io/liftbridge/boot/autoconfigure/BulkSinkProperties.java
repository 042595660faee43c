package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.sink}: the defaults of each bulk sink.
 */
public class BulkSinkProperties {

	/**
	 * Maximum number of messages of a partition that a sink writes together.
	 */
	private int batchSize = 5000;

	/**
	 * Maximum time that the first message of a batch waits for others.
	 */
	private Duration waitTime = Duration.ofMillis(500);

	/**
	 * Maximum number of messages that a sink has in memory. Beyond that it reads nothing
	 * more.
	 */
	private int bufferMessages = 1_000_000;

	/**
	 * Maximum size of the messages that a sink has in memory.
	 */
	private DataSize bufferSize = DataSize.ofMegabytes(256);

	/**
	 * Maximum number of batches of one partition that a sink has in memory.
	 */
	private int batchesPerPartition = 4;

	/**
	 * Number of batches that a sink writes at the same time, each of another partition. A
	 * database needs as many connections.
	 */
	private int workers = 32;

	/**
	 * Maximum pause between attempts to write.
	 */
	private Duration maxRecoveryPause = Duration.ofSeconds(5);

	/**
	 * Maximum time that stopping waits for what is in memory to be written.
	 */
	private Duration shutdownTimeout = Duration.ofSeconds(10);

	/**
	 * Name of the table that has the positions of sinks. Created if it is missing.
	 */
	private String offsetTable = "liftbridge_sink_offset";

	public int getBatchSize() {
		return this.batchSize;
	}

	public void setBatchSize(int batchSize) {
		this.batchSize = batchSize;
	}

	public Duration getWaitTime() {
		return this.waitTime;
	}

	public void setWaitTime(Duration waitTime) {
		this.waitTime = waitTime;
	}

	public int getBufferMessages() {
		return this.bufferMessages;
	}

	public void setBufferMessages(int bufferMessages) {
		this.bufferMessages = bufferMessages;
	}

	public DataSize getBufferSize() {
		return this.bufferSize;
	}

	public void setBufferSize(DataSize bufferSize) {
		this.bufferSize = bufferSize;
	}

	public int getBatchesPerPartition() {
		return this.batchesPerPartition;
	}

	public void setBatchesPerPartition(int batchesPerPartition) {
		this.batchesPerPartition = batchesPerPartition;
	}

	public int getWorkers() {
		return this.workers;
	}

	public void setWorkers(int workers) {
		this.workers = workers;
	}

	public Duration getMaxRecoveryPause() {
		return this.maxRecoveryPause;
	}

	public void setMaxRecoveryPause(Duration maxRecoveryPause) {
		this.maxRecoveryPause = maxRecoveryPause;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
	}

	public String getOffsetTable() {
		return this.offsetTable;
	}

	public void setOffsetTable(String offsetTable) {
		this.offsetTable = offsetTable;
	}

}
