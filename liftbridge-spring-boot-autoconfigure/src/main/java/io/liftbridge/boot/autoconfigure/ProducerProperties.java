package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.message.AckPolicy;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.producer}: the defaults of each producer.
 */
public class ProducerProperties {

	/**
	 * When the server acknowledges a message that has no policy of its own.
	 */
	private AckPolicy ackPolicy = AckPolicy.LEADER;

	/**
	 * Time after which a message without acknowledgement fails. Lost connections are
	 * repaired and messages sent again within it.
	 */
	private Duration ackTimeout = Duration.ofSeconds(30);

	/**
	 * Maximum time that sending waits for room, and for the first answer of a broker.
	 */
	private Duration enqueueTimeout = Duration.ofSeconds(10);

	/**
	 * Maximum number of messages on their way per producer.
	 */
	private int maxInFlight = 10_000;

	/**
	 * Maximum size of all messages on their way per producer.
	 */
	private DataSize maxInFlightSize = DataSize.ofMegabytes(64);

	/**
	 * How partitions are chosen for messages that do not ask for one.
	 */
	private PartitionerType partitioner = PartitionerType.KEY_HASH_OR_ROUND_ROBIN;

	public AckPolicy getAckPolicy() {
		return this.ackPolicy;
	}

	public void setAckPolicy(AckPolicy ackPolicy) {
		this.ackPolicy = ackPolicy;
	}

	public Duration getAckTimeout() {
		return this.ackTimeout;
	}

	public void setAckTimeout(Duration ackTimeout) {
		this.ackTimeout = ackTimeout;
	}

	public Duration getEnqueueTimeout() {
		return this.enqueueTimeout;
	}

	public void setEnqueueTimeout(Duration enqueueTimeout) {
		this.enqueueTimeout = enqueueTimeout;
	}

	public int getMaxInFlight() {
		return this.maxInFlight;
	}

	public void setMaxInFlight(int maxInFlight) {
		this.maxInFlight = maxInFlight;
	}

	public DataSize getMaxInFlightSize() {
		return this.maxInFlightSize;
	}

	public void setMaxInFlightSize(DataSize maxInFlightSize) {
		this.maxInFlightSize = maxInFlightSize;
	}

	public PartitionerType getPartitioner() {
		return this.partitioner;
	}

	public void setPartitioner(PartitionerType partitioner) {
		this.partitioner = partitioner;
	}

}
