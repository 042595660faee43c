package io.liftbridge.client.producer;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;

/**
 * Publishes what a source gives. Set the options, then ask once for the results, as
 * {@link #results()}, as {@link #publisher()}, or summed up by {@link #run()}; nothing is
 * taken from the source before that. Not safe for use by several threads.
 * <p>
 * There is one result for each request, in the order of the requests. A request that
 * fails or is refused has its failure as a result and holds up no other. If the source
 * itself fails, the results of what was sent come first, then a
 * {@link io.liftbridge.client.message.BulkSourceException}. The order of messages within
 * a partition is that of the source.
 *
 * @param <R> type of the requests
 */
public final class BulkPublish<R> {

	private final BulkSource<R> source;

	private final Function<BulkOptions, BulkTarget<R>> target;

	private final String clientId;

	private final AtomicBoolean used = new AtomicBoolean();

	private BulkOptions options = BulkOptions.DEFAULT;

	private int most = Integer.MAX_VALUE;

	private long mostBytes = Long.MAX_VALUE;

	/** Whether it is a producer of the user's own that sends. */
	private boolean producerGiven;

	BulkPublish(BulkSource<R> source, Function<BulkOptions, BulkTarget<R>> target, String clientId) {
		this.source = source;
		this.target = target;
		this.clientId = clientId;
	}

	/** What a producer allows that was set up before. */
	BulkPublish<R> atMost(int requests, long bytes) {
		this.most = requests;
		this.mostBytes = bytes;
		this.producerGiven = true;
		return this;
	}

	/**
	 * Sets whether acknowledgements are waited for after the last request was sent.
	 * @param await default {@code true}; {@code false}: the results of requests without
	 * outcome at that time have neither acknowledgement nor failure
	 * @return this bulk
	 */
	public BulkPublish<R> awaitAcks(boolean await) {
		this.options = new BulkOptions(await, this.options.maxInFlight(), this.options.maxInFlightBytes(),
				this.options.producers());
		return this;
	}

	/**
	 * Sets how many requests may have been taken from the source without their result
	 * having been read.
	 * @param requests default 10000; of a given producer at most its own
	 * {@code maxInFlight}
	 * @return this bulk
	 * @throws InvalidRequestException if it is not positive
	 */
	public BulkPublish<R> maxInFlight(int requests) {
		this.options = new BulkOptions(this.options.awaitAcks(), (int) positive("maxInFlight", requests),
				this.options.maxInFlightBytes(), this.options.producers());
		return this;
	}

	/**
	 * Sets how many bytes the requests may have that were taken from the source without
	 * their result having been read. The last one may be over it. A
	 * {@link Flow.Publisher} is asked for as many as fit by the mean size so far.
	 * @param bytes default 64 MiB; of a given producer at most its own
	 * {@code maxInFlightBytes}
	 * @return this bulk
	 * @throws InvalidRequestException if it is not positive
	 */
	public BulkPublish<R> maxInFlightBytes(long bytes) {
		this.options = new BulkOptions(this.options.awaitAcks(), this.options.maxInFlight(),
				positive("maxInFlightBytes", bytes), this.options.producers());
		return this;
	}

	/**
	 * Sets up the producers, one for each stream, that send.
	 * @param producers is called with the builder of each; sets policy, timeout, retries,
	 * compression and so on, but not {@code maxInFlight} and {@code maxInFlightBytes},
	 * which are those of the bulk. Called once more when the results are asked for, where
	 * options that cannot work throw an {@link InvalidRequestException}
	 * @return this bulk
	 * @throws InvalidRequestException if it is a producer's bulk: that one is set up
	 */
	public BulkPublish<R> producers(Consumer<ProducerBuilder> producers) {
		if (this.producerGiven) {
			throw new InvalidRequestException(
					"Bulk option producers is for bulks of a client; a producer has its options already.", null);
		}
		Objects.requireNonNull(producers, "Bulk option producers is null; leave it out for its default.");
		this.options = new BulkOptions(this.options.awaitAcks(), this.options.maxInFlight(),
				this.options.maxInFlightBytes(), producers);
		return this;
	}

	/**
	 * Publishes while the results are read, on the reader's thread. To be closed, unless
	 * it is read to its end.
	 * @return the results
	 * @throws IllegalStateException if the results were asked for before
	 */
	public BulkResults<R> results() {
		return new BulkResults<>(start(), this.source);
	}

	/**
	 * Publishes as results are demanded, on threads of its own. From the first demand on
	 * requests are taken from the source until the bounds are reached, also ahead of
	 * demand. Cancelling takes nothing more from the source, and interrupts it if it
	 * waits for its next request; what was sent goes on its way.
	 * @return the results, for one subscriber
	 * @throws IllegalStateException if the results were asked for before
	 */
	public Flow.Publisher<PublishResult<R>> publisher() {
		return new BulkPublisher<>(start(), this.source, this.clientId);
	}

	/**
	 * Publishes everything, on the caller's thread. For sources that have an end.
	 * @return how many requests were acknowledged and how many failed
	 * @throws io.liftbridge.client.message.BulkSourceException if the source fails, after
	 * what it had given has its outcome
	 * @throws LiftbridgeException if client or producer are closed, or the thread is
	 * interrupted: then nothing more is taken from the source
	 * @throws IllegalStateException if the results were asked for before
	 */
	public BulkSummary run() {
		long acked = 0;
		long failed = 0;
		long notAwaited = 0;
		LiftbridgeException first = null;
		try (BulkResults<R> results = results()) {
			while (results.hasNext()) {
				PublishResult<R> result = results.next();
				LiftbridgeException failure = result.failure();
				if (failure != null) {
					first = (first != null) ? first : failure;
					failed++;
				}
				else if (result.isAcked()) {
					acked++;
				}
				else {
					notAwaited++;
				}
			}
		}
		return new BulkSummary(acked + failed + notAwaited, acked, failed, notAwaited, first);
	}

	private BulkQueue<R> start() {
		// Wrong for one stream is wrong for all: nothing is to be taken from the source.
		this.options.checkProducers();
		if (!this.used.compareAndSet(false, true)) {
			throw new IllegalStateException("The results of this bulk were asked for before; start another one.");
		}
		BulkOptions bounded = new BulkOptions(this.options.awaitAcks(), Math.min(this.options.maxInFlight(), this.most),
				Math.min(this.options.maxInFlightBytes(), this.mostBytes), this.options.producers());
		return new BulkQueue<>(this.target.apply(bounded), bounded);
	}

	private static long positive(String option, long value) {
		if (value < 1) {
			throw new InvalidRequestException("Bulk option " + option + " is " + value + "; it must be 1 or more.",
					null);
		}
		return value;
	}

}
