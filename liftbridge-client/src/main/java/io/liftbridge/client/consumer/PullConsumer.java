package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Lends its subscriptions the threads of those who ask: a subscription's run waits here
 * until somebody polls. What nobody takes stays within the subscription's prefetch.
 */
final class PullConsumer implements Consumer, SubscriptionListener {

	private static final Runnable NOTHING = () -> {
	};

	/** Whoever asks is done with what came before. */
	private static final BooleanSupplier GOES_ON = () -> true;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	/** What may wait for the next poll. */
	private static final long MOST_BYTES = 16L << 20;

	private final String name;

	private final int maxPoll;

	private final java.util.function.@Nullable Consumer<MalformedEntryException> malformed;

	private final DemandPublisher publisher;

	private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

	private final AtomicInteger open = new AtomicInteger();

	private final PulledCursors cursors;

	private volatile List<Subscription> subscriptions = List.of();

	private volatile @Nullable Throwable failure;

	private volatile boolean closed;

	/** Whether somebody else polled when the publisher came. */
	private volatile boolean turnedAway;

	/** Guards what follows; held by whoever polls. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<ReceivedMessage<byte[]>> taken = new LinkedBlockingDeque<>();

	/** Of the values of those; entries may become more than what was prefetched. */
	private long takenBytes;

	/** Those that had more than was asked for. */
	private final List<Subscription> held = new ArrayList<>();

	PullConsumer(String name, int maxPoll, java.util.function.@Nullable Consumer<MalformedEntryException> malformed,
			Subscriptions reading) {
		this.name = name;
		this.malformed = malformed;
		this.maxPoll = maxPoll;
		this.publisher = new DemandPublisher(this, reading.threads());
		this.cursors = new PulledCursors(this, reading);
	}

	void open(List<SubscriptionBuilder> builders) {
		this.open.set(builders.size());
		List<Subscription> started = new ArrayList<>();
		for (int i = 0; i < builders.size(); i++) {
			int index = i;
			// Runs only after all of them are known.
			started.add(builders.get(i).handler((message) -> take(message, index)).start());
		}
		this.subscriptions = List.copyOf(started);
		if (this.closed || this.failure != null) {
			end();
		}
	}

	Subscription start(SubscriptionOptions options) {
		return this.cursors.start(options);
	}

	/** Takes a subscription's run, until somebody polls. */
	void work(Runnable run) {
		this.work.add(run);
		this.publisher.wake();
	}

	private void take(ReceivedMessage<byte[]> message, int index) {
		this.taken.add(message);
		this.cursors.waits(message.partition());
		this.takenBytes += message.value().length;
		if (this.taken.size() >= this.maxPoll || this.takenBytes >= MOST_BYTES) {
			Subscription subscription = this.subscriptions.get(index);
			subscription.pause();
			this.held.add(subscription);
		}
	}

	@Override
	public List<ReceivedMessage<byte[]>> poll(Duration timeout) {
		List<ReceivedMessage<byte[]>> result = take(this.maxPoll, Bounds.nanos(timeout), GOES_ON);
		if (result.isEmpty()) {
			throwFailure();
		}
		return result;
	}

	/**
	 * Waits for messages, and does not say why there are none.
	 * @param processed whether that means that those before are processed
	 */
	List<ReceivedMessage<byte[]>> take(int most, long nanos, BooleanSupplier processed) {
		return locked(nanos, List.of(), (deadline) -> {
			boolean onward = processed.getAsBoolean();
			if (onward) {
				goOn();
			}
			if (this.taken.size() < most) {
				fill(deadline, onward);
			}
			List<ReceivedMessage<byte[]>> result = new ArrayList<>();
			while (!this.closed && result.size() < most && !this.taken.isEmpty()) {
				ReceivedMessage<byte[]> next = this.taken.remove();
				this.cursors.returned(next);
				this.takenBytes -= next.value().length;
				result.add(next);
			}
			return result;
		});
	}

	/** What was returned is processed. */
	void processed() {
		locked(0, false, (deadline) -> {
			goOn();
			return true;
		});
	}

	private void goOn() {
		this.cursors.processed();
		if (isFinished() && this.taken.isEmpty()) {
			// Nothing follows, and who iterates to the end need not close.
			this.cursors.close();
		}
	}

	/** Nothing follows: stores what is processed soon. */
	void store() {
		this.cursors.close();
	}

	/** Looks ahead, so that an end that is next is known. */
	void look() {
		locked(0, false, (deadline) -> {
			if (this.taken.isEmpty()) {
				fill(deadline, false);
			}
			return true;
		});
	}

	private <R> R locked(long nanos, R inVain, Polling<R> polling) {
		long deadline = System.nanoTime() + nanos;
		try {
			if (!((nanos > 0) ? this.lock.tryLock(nanos, TimeUnit.NANOSECONDS) : this.lock.tryLock())) {
				this.turnedAway = true;
				// Who has the lock by now has yet to look whether somebody was.
				if (!this.lock.tryLock()) {
					return inVain;
				}
			}
			try {
				return polling.until(deadline);
			}
			finally {
				this.lock.unlock();
				if (this.turnedAway) {
					this.turnedAway = false;
					this.publisher.wake();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException(this.name + " was interrupted while it waited for messages.", ex,
					Outcome.NOT_SENT);
		}
	}

	/** Takes as much as is there; waits only as long as nothing is. */
	private void fill(long deadline, boolean onward) throws InterruptedException {
		List<Subscription> more = List.copyOf(this.held);
		this.held.clear();
		more.forEach(Subscription::resume);
		while (this.taken.size() < this.maxPoll && this.takenBytes < MOST_BYTES && !this.closed) {
			long rest = deadline - System.nanoTime();
			boolean wait = rest > 0 && this.taken.isEmpty() && !isFinished();
			Runnable next = wait ? this.work.poll(rest, TimeUnit.NANOSECONDS) : this.work.poll();
			if (next == null) {
				return;
			}
			next.run();
			if (onward) {
				// What is filtered out while somebody waits is processed, too.
				this.cursors.processed();
			}
		}
	}

	private boolean isFinished() {
		return this.closed || this.failure != null || this.open.get() == 0;
	}

	private void throwFailure() {
		Throwable reason = failure();
		if (reason != null) {
			throw Cluster.unwrap(reason);
		}
	}

	@Nullable Throwable failure() {
		return this.closed ? null : this.failure;
	}

	@Override
	public Iterator<ReceivedMessage<byte[]>> iterator() {
		return new Messages();
	}

	@Override
	public Stream<ReceivedMessage<byte[]>> stream() {
		return StreamSupport
			.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL), false)
			.onClose(this::close);
	}

	@Override
	public Flow.Publisher<ReceivedMessage<byte[]>> publisher() {
		return this.publisher;
	}

	@Override
	public long lastProcessed(int partition) {
		for (Subscription subscription : this.subscriptions) {
			if (subscription.partition() == partition) {
				long processed = subscription.lastProcessed();
				// Looked at afterwards: what is processed was put there before.
				return this.taken.stream()
					.filter((message) -> message.partition() == partition)
					.findFirst()
					.map((message) -> Math.min(processed, message.resumeOffset() - 1))
					.orElse(processed);
			}
		}
		return -1;
	}

	@Override
	public CompletableFuture<Void> commit() {
		return this.cursors.commit(this::lastProcessed);
	}

	@Override
	public CompletableFuture<Void> commit(ReceivedMessage<?> message) {
		return this.cursors.commit(message);
	}

	@Override
	public boolean isEnded() {
		if (this.closed) {
			return true;
		}
		if (!isFinished()) {
			return false;
		}
		this.lock.lock();
		try {
			return this.taken.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onEnd(Subscription subscription, EndReason reason) {
		if (reason == EndReason.CLOSED && !this.closed && this.failure == null) {
			fail(new ClientClosedException(this.name + " was ended, as its client was closed.", null,
					Outcome.NOT_SENT));
		}
		this.open.decrementAndGet();
		work(NOTHING);
	}

	@Override
	public void onMalformed(Subscription subscription, MalformedEntryException entry) {
		if (this.malformed != null) {
			this.malformed.accept(entry);
		}
		else {
			SubscriptionListener.super.onMalformed(subscription, entry);
		}
	}

	@Override
	public void onFailure(Subscription subscription, Throwable failure) {
		fail(failure);
		work(NOTHING);
	}

	private void fail(Throwable reason) {
		if (this.failure == null) {
			this.failure = reason;
		}
		end();
	}

	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	@Override
	public boolean close(Duration timeout) {
		return Bounds.await(requestClose(), timeout);
	}

	CompletableFuture<Void> requestClose() {
		this.closed = true;
		end();
		work(NOTHING);
		return this.cursors.close();
	}

	private void end() {
		this.subscriptions.forEach((subscription) -> subscription.close(Duration.ZERO));
	}

	@Override
	public String toString() {
		return this.name;
	}

	private final class Messages implements Iterator<ReceivedMessage<byte[]>> {

		/** Promised by {@link #hasNext}, so nobody else may take it. */
		private @Nullable ReceivedMessage<byte[]> promised;

		@Override
		public boolean hasNext() {
			while (this.promised == null && !isEnded()) {
				List<ReceivedMessage<byte[]>> one = take(1, Bounds.nanos(Bounds.YEAR), GOES_ON);
				this.promised = one.isEmpty() ? null : one.get(0);
			}
			if (this.promised == null) {
				processed();
				throwFailure();
			}
			return this.promised != null;
		}

		@Override
		public ReceivedMessage<byte[]> next() {
			ReceivedMessage<byte[]> next = hasNext() ? this.promised : null;
			if (next == null) {
				throw new NoSuchElementException(PullConsumer.this + " has ended.");
			}
			this.promised = null;
			return next;
		}

	}

	/**
	 * Something to do while nobody else polls.
	 *
	 * @param <R> its result
	 */
	private interface Polling<R> {

		R until(long deadline) throws InterruptedException;

	}

}
