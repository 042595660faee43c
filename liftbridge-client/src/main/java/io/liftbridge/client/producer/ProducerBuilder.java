package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a producer needs to know. Not safe for use by several threads.
 */
public final class ProducerBuilder {

	private final Function<ProducerOptions, Producer> factory;

	private final String stream;

	private Partitioner partitioner = Partitioners.keyHashOrRoundRobin();

	private AckPolicy ackPolicy = AckPolicy.LEADER;

	private Duration ackTimeout = Duration.ofSeconds(30);

	private Duration enqueueTimeout = Duration.ofSeconds(10);

	private int maxInFlight = 10_000;

	private long maxInFlightBytes = 64L << 20;

	private @Nullable Executor completionExecutor;

	private ProducerListener listener = ProducerListener.NONE;

	/**
	 * For use inside the client.
	 * @param stream the stream's name
	 * @param factory creates the producer
	 * @throws InvalidRequestException if the name is not allowed, or one of the server's
	 * own
	 */
	public ProducerBuilder(String stream, Function<ProducerOptions, Producer> factory) {
		this.stream = StreamNames.checkOwnStream(stream);
		this.factory = factory;
	}

	/**
	 * Chooses partitions for messages that do not ask for one.
	 * @param partitioner default {@link Partitioners#keyHashOrRoundRobin()}
	 * @return this builder
	 */
	public ProducerBuilder partitioner(Partitioner partitioner) {
		this.partitioner = partitioner;
		return this;
	}

	/**
	 * Sets when the server acknowledges a message that has no policy of its own.
	 * @param policy default {@link AckPolicy#LEADER}
	 * @return this builder
	 */
	public ProducerBuilder ackPolicy(AckPolicy policy) {
		this.ackPolicy = policy;
		return this;
	}

	/**
	 * Sets how long after {@code send} a message without acknowledgement fails. Lost
	 * connections are repaired and messages sent again within this time.
	 * @param timeout default 30 s, at most 365 days
	 * @return this builder
	 */
	public ProducerBuilder ackTimeout(Duration timeout) {
		this.ackTimeout = Bounds.positive("Producer option ackTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Sets how long {@code send} waits for room, and for the first answer of a broker.
	 * @param timeout default 10 s, at most 365 days
	 * @return this builder
	 */
	public ProducerBuilder enqueueTimeout(Duration timeout) {
		this.enqueueTimeout = Bounds.positive("Producer option enqueueTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Sets how many messages may be on their way.
	 * @param messages default 10000
	 * @return this builder
	 */
	public ProducerBuilder maxInFlight(int messages) {
		this.maxInFlight = (int) positive("maxInFlight", messages);
		return this;
	}

	/**
	 * Sets how many bytes may be on their way. A single message may always be.
	 * @param bytes default 64 MiB
	 * @return this builder
	 */
	public ProducerBuilder maxInFlightBytes(long bytes) {
		this.maxInFlightBytes = positive("maxInFlightBytes", bytes);
		return this;
	}

	/**
	 * Sets who completes futures and calls the listener.
	 * @param executor runs tasks in the order of their submission; default: one thread of
	 * the producer's own
	 * @return this builder
	 */
	public ProducerBuilder completionExecutor(Executor executor) {
		this.completionExecutor = executor;
		return this;
	}

	/**
	 * Is told the fate of each message.
	 * @param listener the listener
	 * @return this builder
	 */
	public ProducerBuilder listener(ProducerListener listener) {
		this.listener = listener;
		return this;
	}

	/**
	 * Creates the producer. It connects with the first message.
	 * @return the producer, to be closed by the caller or with the client
	 */
	public Producer build() {
		return this.factory.apply(new ProducerOptions(this.stream, this.partitioner, this.ackPolicy, this.ackTimeout,
				this.enqueueTimeout, this.maxInFlight, this.maxInFlightBytes, this.completionExecutor, this.listener));
	}

	private static long positive(String option, long value) {
		if (value < 1) {
			throw new InvalidRequestException("Producer option " + option + " is " + value + "; it must be 1 or more.",
					null);
		}
		return value;
	}

}
