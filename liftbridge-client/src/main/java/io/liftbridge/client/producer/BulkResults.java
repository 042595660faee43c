package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The results of a bulk in the order of its requests. Asking for the next one sends
 * further requests while there is room and waits for the outcome of the first one: all of
 * it on the caller's thread, the source included. One pass only, by one thread at a time;
 * {@link #close} may be called by any.
 *
 * @param <R> type of the requests
 */
public final class BulkResults<R> implements Iterable<PublishResult<R>>, Iterator<PublishResult<R>>, AutoCloseable {

	/** The bound keeps a wake-up that was missed from mattering. */
	private static final long GLANCE_NANOS = Duration.ofMillis(100).toNanos();

	private final BulkQueue<R> queue;

	private final BulkSource<R> source;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile @Nullable Thread waiting;

	private boolean started;

	private @Nullable PublishResult<R> next;

	/** What is told after the last result. */
	private @Nullable LiftbridgeException failure;

	BulkResults(BulkQueue<R> queue, BulkSource<R> source) {
		this.queue = queue;
		this.source = source;
	}

	/**
	 * These results.
	 * @return this
	 */
	@Override
	public Iterator<PublishResult<R>> iterator() {
		return this;
	}

	/**
	 * The results as a stream.
	 * @return a sequential stream, whose {@code close} closes these results
	 */
	public Stream<PublishResult<R>> stream() {
		return StreamSupport
			.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
			.onClose(this::close);
	}

	/**
	 * Whether there is a further result. Waits for it.
	 * @return {@code false} after the last one, and after {@link #close}
	 * @throws io.liftbridge.client.message.BulkSourceException after the last result, if
	 * the source has failed
	 * @throws io.liftbridge.client.message.ClientClosedException after the last result,
	 * if client or producer were closed before the source's end
	 * @throws LiftbridgeException if the thread is interrupted; the results can be read
	 * further
	 */
	@Override
	public boolean hasNext() {
		if (this.next == null) {
			this.next = advance();
		}
		return this.next != null;
	}

	/**
	 * Gives the next result. Waits for it.
	 * @return the result of the next request
	 * @throws NoSuchElementException after the last one
	 * @throws LiftbridgeException as in {@link #hasNext}
	 */
	@Override
	public PublishResult<R> next() {
		PublishResult<R> result = hasNext() ? this.next : null;
		if (result == null) {
			throw new NoSuchElementException("There are no more results of this bulk.");
		}
		this.next = null;
		return result;
	}

	private @Nullable PublishResult<R> advance() {
		if (!this.started && !this.closed.get()) {
			this.started = true;
			this.source.start(this.queue, this::wake);
		}
		while (!this.closed.get()) {
			this.source.more();
			BulkSlot<R> slot = this.queue.peek();
			if (slot != null && this.queue.isReady(slot)) {
				return this.queue.take(slot);
			}
			if (slot != null) {
				await(slot);
			}
			else if (this.queue.isEnded()) {
				// Once more, as the last one may have been added in this moment.
				if (this.queue.peek() == null) {
					end();
				}
			}
			else {
				await();
			}
		}
		if (this.failure != null) {
			throw this.failure;
		}
		return null;
	}

	private void end() {
		this.failure = this.queue.failure();
		close();
	}

	private void await(BulkSlot<R> slot) {
		try {
			slot.future.get(GLANCE_NANOS, TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// Whoever reads it sees.
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	/** Waits for the source. */
	private void await() {
		this.waiting = Thread.currentThread();
		try {
			if (this.queue.peek() == null && !this.queue.isEnded() && !this.closed.get()) {
				LockSupport.parkNanos(this, GLANCE_NANOS);
				this.queue.checkOpen();
			}
		}
		finally {
			this.waiting = null;
		}
		if (Thread.interrupted()) {
			throw interrupted(new InterruptedException());
		}
	}

	private static LiftbridgeException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new LiftbridgeException(
				"Interrupted while waiting for a result of a bulk. The results can be read further.", ex,
				Outcome.INDETERMINATE);
	}

	private void wake() {
		Thread thread = this.waiting;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
	}

	/**
	 * Takes nothing more from the source. What was sent goes on its way. The second call
	 * is free.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		wake();
		this.source.close();
		this.queue.close();
	}

}
