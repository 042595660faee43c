package io.liftbridge.client.consumer;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a consumer for its one subscriber, on the client's threads, one at a time.
 */
final class DemandPublisher implements Flow.Publisher<ReceivedMessage<byte[]>> {

	private static final Logger logger = LoggerFactory.getLogger(DemandPublisher.class);

	private static final Flow.Subscription NONE = new Flow.Subscription() {

		@Override
		public void request(long messages) {
		}

		@Override
		public void cancel() {
		}

	};

	private final PullConsumer consumer;

	private final Executor threads;

	private final AtomicReference<@Nullable Demand> subscription = new AtomicReference<>();

	DemandPublisher(PullConsumer consumer, Executor threads) {
		this.consumer = consumer;
		this.threads = threads;
	}

	@Override
	public void subscribe(Flow.Subscriber<? super ReceivedMessage<byte[]>> subscriber) {
		Demand demand = new Demand(Objects.requireNonNull(subscriber, "subscriber"));
		if (this.subscription.compareAndSet(null, demand)) {
			demand.wake();
		}
		else {
			subscriber.onSubscribe(NONE);
			subscriber.onError(new IllegalStateException(this.consumer + " has a subscriber already."));
		}
	}

	/** Something may have arrived, or ended. */
	void wake() {
		Demand demand = this.subscription.get();
		if (demand != null) {
			demand.wake();
		}
	}

	private final class Demand implements Flow.Subscription {

		private final Flow.Subscriber<? super ReceivedMessage<byte[]>> subscriber;

		private final AtomicLong wanted = new AtomicLong();

		private final AtomicInteger pending = new AtomicInteger();

		/** Whether there was a request since messages were last taken. */
		private final AtomicBoolean asked = new AtomicBoolean();

		private volatile boolean unbounded;

		private volatile boolean refused;

		private volatile boolean done;

		private boolean begun;

		private boolean processed = true;

		Demand(Flow.Subscriber<? super ReceivedMessage<byte[]>> subscriber) {
			this.subscriber = subscriber;
		}

		@Override
		public void request(long messages) {
			if (messages < 1) {
				this.refused = true;
			}
			else {
				this.wanted.accumulateAndGet(messages, (a, b) -> (a + b < 0) ? Long.MAX_VALUE : a + b);
				this.unbounded |= messages == Long.MAX_VALUE;
				this.asked.set(true);
			}
			wake();
		}

		@Override
		public void cancel() {
			this.done = true;
			DemandPublisher.this.consumer.requestClose();
		}

		void wake() {
			if (this.pending.getAndIncrement() == 0) {
				try {
					DemandPublisher.this.threads.execute(this::run);
				}
				catch (Throwable ex) {
					// The client is closed, or there is no thread: the subscriber must
					// still learn the end.
					run();
				}
			}
		}

		private void run() {
			int seen = 1;
			do {
				try {
					publish();
				}
				catch (Throwable ex) {
					logger.warn("The subscriber of {} failed", DemandPublisher.this.consumer, ex);
					cancel();
				}
				seen = this.pending.addAndGet(-seen);
			}
			while (seen != 0);
		}

		private void publish() {
			if (!this.begun) {
				this.begun = true;
				this.subscriber.onSubscribe(this);
			}
			PullConsumer consumer = DemandPublisher.this.consumer;
			if (this.refused && !this.done) {
				end(new IllegalArgumentException("Fewer messages than one were requested of " + consumer + "."));
				consumer.requestClose();
			}
			while (!this.done) {
				long most = this.wanted.get();
				List<ReceivedMessage<byte[]>> messages = (most > 0)
						? consumer.take((int) Math.min(most, Integer.MAX_VALUE), 0, this::isProcessed) : List.of();
				if (messages.isEmpty()) {
					break;
				}
				this.wanted.addAndGet(-messages.size());
				this.processed = false;
				for (ReceivedMessage<byte[]> message : messages) {
					if (this.done) {
						return;
					}
					this.subscriber.onNext(message);
				}
			}
			// Looks further than what is wanted, as the end is told without demand.
			consumer.look();
			if (!this.done && consumer.isEnded()) {
				if (isProcessed()) {
					consumer.processed();
				}
				end(consumer.failure());
				consumer.store();
			}
		}

		/** Whether those that were delivered are. Belongs to the run. */
		private boolean isProcessed() {
			this.processed |= this.asked.getAndSet(false);
			return this.processed || this.unbounded;
		}

		private void end(@Nullable Throwable failure) {
			this.done = true;
			if (failure != null) {
				this.subscriber.onError(failure);
			}
			else {
				this.subscriber.onComplete();
			}
		}

	}

}
