package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.Executor;

import io.liftbridge.client.message.AckPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a producer was told by its builder. For use inside the client.
 *
 * @param stream the stream's name
 * @param partitioner chooses partitions
 * @param ackPolicy when messages are acknowledged
 * @param ackTimeout time from send to failure
 * @param enqueueTimeout how long send waits for room
 * @param maxInFlight messages on their way
 * @param maxInFlightBytes bytes on their way
 * @param completionExecutor completes futures, or {@code null} for an own thread
 * @param listener is told of each outcome
 * @param name the producer's name, empty if it has none
 * @param executor does the producer's own work, or {@code null} for an own thread
 * @param ordering whether messages may overtake each other
 * @param retries how many times a message may be sent again,
 * {@link ProducerBuilder#UNLIMITED} for any number
 * @param batching how batches are made
 * @param compression how values are compressed
 * @param exact how it is made sure that it is known what was stored
 * @param largeMessages most bytes of a message that may be stored in chunks, 0 for none
 * @param metrics count what it does, {@code null} for the client's
 */
public record ProducerOptions(String stream, Partitioner partitioner, AckPolicy ackPolicy, Duration ackTimeout,
		Duration enqueueTimeout, int maxInFlight, long maxInFlightBytes, @Nullable Executor completionExecutor,
		ProducerListener listener, String name, @Nullable Executor executor, Ordering ordering, int retries,
		BatchOptions batching, CompressionOptions compression, ExactOptions exact, int largeMessages,
		@Nullable ProducerMetrics metrics) {

	/** What is added to each message of the server. */
	int extraBytes() {
		return this.exact.bytes(this.name);
	}

	/** How many times a message may be sent. */
	int attempts() {
		return (this.retries == ProducerBuilder.UNLIMITED) ? Integer.MAX_VALUE : this.retries + 1;
	}

}
