package io.liftbridge.spring.core;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The results of many payloads, in their order. Asking for the next one sends further
 * payloads while there is room, and waits for the outcome of the first one; all of it on
 * the caller's thread, the source included. What the source throws is thrown where the
 * next result is asked for, after the results of what was sent before. One pass only, by
 * one thread.
 *
 * @param <T> type of the payloads
 */
public final class SendResults<T> implements Iterable<SendResult<T>>, Iterator<SendResult<T>>, AutoCloseable {

	/** How many payloads may be on their way by default. */
	public static final int DEFAULT_MAX_IN_FLIGHT = 10_000;

	private final Iterator<T> source;

	private final Function<T, CompletableFuture<Ack>> sender;

	private final Runnable onClose;

	private final Queue<Sent<T>> sent = new ArrayDeque<>();

	private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;

	private @Nullable RuntimeException sourceFailure;

	private boolean ended;

	private boolean closed;

	private long index;

	SendResults(Iterator<T> source, Function<T, CompletableFuture<Ack>> sender, Runnable onClose) {
		this.source = source;
		this.sender = sender;
		this.onClose = onClose;
	}

	/**
	 * Sets how many payloads may have been taken from the source without their result
	 * having been read.
	 * @param payloads 1 and above, default {@value #DEFAULT_MAX_IN_FLIGHT}
	 * @return these results
	 */
	public SendResults<T> maxInFlight(int payloads) {
		if (payloads < 1) {
			throw new IllegalArgumentException("maxInFlight is " + payloads + "; it must be 1 or more.");
		}
		this.maxInFlight = payloads;
		return this;
	}

	/**
	 * These results.
	 * @return this
	 */
	@Override
	public Iterator<SendResult<T>> iterator() {
		return this;
	}

	/**
	 * The results as a stream.
	 * @return a sequential stream, whose {@code close} closes these results
	 */
	public Stream<SendResult<T>> stream() {
		return StreamSupport
			.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
			.onClose(this::close);
	}

	/**
	 * Whether there is a further result. Sends what there is room for.
	 * @return {@code false} after the last one, and after {@link #close}
	 */
	@Override
	public boolean hasNext() {
		fill();
		if (this.sent.isEmpty()) {
			RuntimeException failure = this.closed ? null : this.sourceFailure;
			close();
			if (failure != null) {
				throw failure;
			}
		}
		return !this.sent.isEmpty();
	}

	/**
	 * Gives the next result. Waits for it.
	 * @return the result of the next payload
	 * @throws NoSuchElementException after the last one
	 * @throws LiftbridgeException if the thread is interrupted; the results can be read
	 * further
	 */
	@Override
	public SendResult<T> next() {
		if (!hasNext()) {
			throw new NoSuchElementException("There are no more results.");
		}
		Sent<T> first = this.sent.element();
		SendResult<T> result = await(first);
		this.sent.remove();
		this.index++;
		return result;
	}

	private SendResult<T> await(Sent<T> first) {
		try {
			return new SendResult<>(this.index, first.payload, first.ack.get(), null);
		}
		catch (ExecutionException ex) {
			return new SendResult<>(this.index, first.payload, null, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for result " + this.index
					+ " of many payloads. The results can be read further.", ex, Outcome.INDETERMINATE);
		}
	}

	/** Sends until somebody has to read. */
	private void fill() {
		try {
			while (!this.ended && this.sent.size() < this.maxInFlight) {
				if (!this.source.hasNext()) {
					this.ended = true;
					return;
				}
				this.sent.add(send(this.source.next()));
			}
		}
		catch (RuntimeException ex) {
			this.ended = true;
			this.sourceFailure = ex;
		}
	}

	private Sent<T> send(T payload) {
		try {
			return new Sent<>(payload, this.sender.apply(payload));
		}
		catch (RuntimeException ex) {
			return new Sent<>(payload, CompletableFuture.failedFuture(ex));
		}
	}

	/**
	 * Takes nothing more from the source, which is closed if it is a stream. What was
	 * sent goes on its way. The second call is free.
	 */
	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.ended = true;
			this.sent.clear();
			this.onClose.run();
		}
	}

	/** A payload on its way. */
	private record Sent<T>(T payload, CompletableFuture<Ack> ack) {

	}

}
