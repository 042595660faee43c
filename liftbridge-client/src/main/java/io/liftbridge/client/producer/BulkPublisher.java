package io.liftbridge.client.producer;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.liftbridge.client.message.ClientClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the results of a bulk to its one subscriber. One thread tells, another one takes
 * from a source that may wait; both end when there is nothing to do.
 *
 * @param <R> type of the requests
 */
final class BulkPublisher<R> implements Flow.Publisher<PublishResult<R>> {

	private static final Logger logger = LoggerFactory.getLogger(BulkPublisher.class);

	private static final long GLANCE_MILLIS = 500;

	private static final Flow.Subscription NONE = new Flow.Subscription() {

		@Override
		public void request(long results) {
		}

		@Override
		public void cancel() {
		}

	};

	private final BulkQueue<R> queue;

	private final BulkSource<R> source;

	private final String clientId;

	private final AtomicBoolean subscribed = new AtomicBoolean();

	BulkPublisher(BulkQueue<R> queue, BulkSource<R> source, String clientId) {
		this.queue = queue;
		this.source = source;
		this.clientId = clientId;
	}

	@Override
	public void subscribe(Flow.Subscriber<? super PublishResult<R>> subscriber) {
		Objects.requireNonNull(subscriber, "subscriber");
		if (this.subscribed.compareAndSet(false, true)) {
			new Demand(subscriber).telling.wake();
		}
		else {
			subscriber.onSubscribe(NONE);
			subscriber.onError(new IllegalStateException("The results of this bulk have a subscriber already."));
		}
	}

	private final class Demand implements Flow.Subscription {

		private final BulkQueue<R> queue = BulkPublisher.this.queue;

		private final BulkSource<R> source = BulkPublisher.this.source;

		private final Flow.Subscriber<? super PublishResult<R>> subscriber;

		private final Turns telling = new Turns(this::tell, BulkPublisher.this.clientId + "-bulk-results");

		private final Turns pulling = new Turns(this::pull, BulkPublisher.this.clientId + "-bulk-requests");

		private final AtomicLong wanted = new AtomicLong();

		private final AtomicBoolean closed = new AtomicBoolean();

		private volatile boolean refused;

		private volatile boolean done;

		/** Whether nothing is there that could be told. */
		private volatile boolean starving;

		private boolean begun;

		private boolean started;

		/** Wakes who tells when it has its outcome. */
		private @Nullable BulkSlot<R> watched;

		Demand(Flow.Subscriber<? super PublishResult<R>> subscriber) {
			this.subscriber = subscriber;
		}

		@Override
		public void request(long results) {
			if (results < 1) {
				this.refused = true;
			}
			else {
				this.wanted.accumulateAndGet(results, (a, b) -> (a + b < 0) ? Long.MAX_VALUE : a + b);
			}
			this.telling.wake();
		}

		@Override
		public void cancel() {
			this.done = true;
			close();
		}

		private void close() {
			if (this.closed.compareAndSet(false, true)) {
				boolean waits = !this.queue.isEnded() || this.queue.failure() instanceof ClientClosedException;
				this.source.close();
				this.queue.close();
				this.telling.shutdown();
				if (waits) {
					// For a request, perhaps, that never comes.
					this.pulling.interrupt();
				}
				else {
					this.pulling.shutdown();
				}
			}
		}

		/** Takes from a source that may wait. */
		private void pull() {
			if (this.source instanceof BulkPull<R> from) {
				from.fill(this::added);
				this.telling.wake();
			}
		}

		/** One more was added, or the source has ended. */
		private void added() {
			if (this.starving || this.queue.isEnded() || !this.queue.hasRoom()) {
				this.starving = false;
				this.telling.wake();
			}
		}

		private void tell() {
			try {
				publish();
			}
			catch (Throwable ex) {
				logger.warn("The subscriber of a bulk's results failed", ex);
				cancel();
			}
		}

		private void publish() {
			if (!this.begun) {
				this.begun = true;
				this.subscriber.onSubscribe(this);
			}
			if (this.refused && !this.done) {
				end(new IllegalArgumentException("Fewer results than one were requested of a bulk."));
			}
			while (!this.done && this.wanted.get() > 0 && step()) {
				// The next one.
			}
			if (!this.done && this.queue.isEnded() && this.queue.peek() == null) {
				end(this.queue.failure());
			}
			else if (!this.done && this.started) {
				more();
			}
		}

		/** Tells one result. Returns whether there may be another one. */
		private boolean step() {
			if (!this.started) {
				this.started = true;
				this.source.start(this.queue, this::added);
				glanceLater();
			}
			BulkSlot<R> slot = this.queue.peek();
			if (slot == null) {
				more();
				this.starving = true;
				return this.queue.peek() != null;
			}
			if (!this.queue.isReady(slot)) {
				more();
				watch(slot);
				return this.queue.isReady(slot);
			}
			this.wanted.decrementAndGet();
			this.subscriber.onNext(this.queue.take(slot));
			return true;
		}

		/** Now and then, whether client and producer are open. */
		private void glance() {
			if (this.done || this.queue.isEnded()) {
				return;
			}
			this.queue.checkOpen();
			if (this.queue.isEnded()) {
				this.telling.wake();
			}
			else {
				glanceLater();
			}
		}

		private void glanceLater() {
			CompletableFuture.delayedExecutor(GLANCE_MILLIS, TimeUnit.MILLISECONDS).execute(this::glance);
		}

		private void more() {
			if (!this.queue.hasRoom() || this.queue.isEnded()) {
				return;
			}
			if (this.source instanceof BulkPull) {
				this.pulling.wake();
			}
			else {
				this.source.more();
			}
		}

		private void watch(BulkSlot<R> slot) {
			if (this.queue.isEnded() || !this.queue.hasRoom()) {
				slot.want();
			}
			if (this.watched != slot) {
				this.watched = slot;
				slot.wantSoon();
				slot.future.whenComplete((ack, failure) -> this.telling.wake());
			}
		}

		private void end(@Nullable Throwable failure) {
			this.done = true;
			close();
			if (failure != null) {
				this.subscriber.onError(failure);
			}
			else {
				this.subscriber.onComplete();
			}
		}

	}

}
