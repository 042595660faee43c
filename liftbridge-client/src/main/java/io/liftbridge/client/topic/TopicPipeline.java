package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.Sequencer;
import org.jspecify.annotations.Nullable;

/**
 * The way of an event from the caller to the producer of messages: wait for room, take a
 * ticket, be prepared by the executor, be handed over in turn.
 *
 * @param <T> type of the events
 */
final class TopicPipeline<T> {

	private static final Runnable NOTHING = () -> {
	};

	private final Options<T> options;

	private final Executor executor;

	private final @Nullable ThreadPoolExecutor ownExecutor;

	private final Semaphore room;

	private final Sequencer sequencer = new Sequencer();

	/** What is not told yet, and whether its outcome is open. */
	private final ConcurrentHashMap<TopicSend<T>, Boolean> open = new ConcurrentHashMap<>();

	private final AtomicInteger inFlight = new AtomicInteger();

	/**
	 * Who runs callbacks at the moment: only they make room, and must not wait for it.
	 */
	private final Set<Thread> tellers = ConcurrentHashMap.newKeySet();

	private final Unwatched unwatched;

	private final AtomicBoolean closing = new AtomicBoolean();

	private volatile boolean closed;

	/**
	 * No broker told which partitions there are. Those that were sent before that was
	 * known have waited as long, and must not wait one after the other.
	 */
	private volatile @Nullable BrokerUnavailableException outage;

	TopicPipeline(Options<T> options) {
		this.options = options;
		this.room = new Semaphore(options.maxInFlight());
		this.unwatched = new Unwatched(topic());
		Executor given = options.executor();
		if (given != null) {
			this.ownExecutor = null;
			this.executor = given;
		}
		else {
			ThreadPoolExecutor own = ownThread();
			this.ownExecutor = own;
			this.executor = own;
		}
	}

	private ThreadPoolExecutor ownThread() {
		ThreadPoolExecutor own = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, "liftbridge-topic-" + topic());
					thread.setDaemon(true);
					return thread;
				});
		own.allowCoreThreadTimeOut(true);
		return own;
	}

	String topic() {
		return this.options.definition().stream();
	}

	Class<T> type() {
		return this.options.definition().serializer().type();
	}

	long enqueueNanos() {
		return this.options.enqueueTimeout().toNanos();
	}

	int inFlight() {
		return this.inFlight.get();
	}

	TopicSend<T> send(T event, Message.Builder message, long timeoutNanos, boolean awaited) {
		check(event);
		boolean permitted = enter(timeoutNanos);
		return start(event, message, permitted, awaited);
	}

	@Nullable TopicSend<T> trySend(T event, Message.Builder message) {
		check(event);
		return this.room.tryAcquire() ? start(event, message, true, false) : null;
	}

	private void check(@Nullable T event) {
		if (event == null) {
			throw new InvalidRequestException("An event for topic '" + topic() + "' is null.", null);
		}
		checkOpen();
	}

	private void checkOpen() {
		if (this.closed) {
			throw closedFailure();
		}
	}

	private ClientClosedException closedFailure() {
		return new ClientClosedException("The producer for topic '" + topic() + "' is closed.", null, Outcome.NOT_SENT);
	}

	/** Tells whether room was taken; who runs callbacks goes on without. */
	private boolean enter(long timeoutNanos) {
		if (this.room.tryAcquire()) {
			return true;
		}
		if (this.tellers.contains(Thread.currentThread())) {
			return false;
		}
		try {
			if (this.room.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
				return true;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for room to send to topic '" + topic() + "'.", ex,
					Outcome.NOT_SENT);
		}
		throw new EnqueueTimeoutException("No room for an event to topic '" + topic() + "' within "
				+ Bounds.text(Duration.ofNanos(timeoutNanos)) + ": " + this.inFlight.get()
				+ " are without an outcome. Validating is slow, or the broker is slow or away; raise maxInFlight or"
				+ " enqueueTimeout, or send more slowly.", null, Outcome.NOT_SENT);
	}

	private TopicSend<T> start(T event, Message.Builder message, boolean permitted, boolean awaited) {
		TopicSend<T> send = new TopicSend<>(this, event, message, permitted, awaited);
		this.inFlight.incrementAndGet();
		this.open.put(send, true);
		if (this.closed && decide(send)) {
			this.open.remove(send);
			// Too late to be among those that were closed.
			throw closedFailure();
		}
		send.ticket = this.sequencer.take();
		try {
			this.executor.execute(send);
		}
		catch (RuntimeException | Error ex) {
			this.sequencer.arrive(send.ticket, NOTHING);
			finish(send, new LiftbridgeException(
					"An event for topic '" + topic() + "' was not sent: the executor refuses to prepare it: " + ex, ex,
					Outcome.NOT_SENT));
		}
		return send;
	}

	/** Runs validator and serializer, then lets the event have its turn. */
	void prepare(TopicSend<T> send) {
		LiftbridgeException failure = send.prepare(this.options.definition());
		if (failure != null) {
			arriveFailed(send, failure);
			return;
		}
		ClaimCheck claims = this.options.claims();
		if (claims == null || !claims.isFor(send.message())) {
			arrive(send);
		}
		else {
			store(send, claims);
		}
	}

	/** Keeps its turn until the data is stored, so that no event points at nothing. */
	private void store(TopicSend<T> send, ClaimCheck claims) {
		CompletableFuture<Message> stored;
		try {
			stored = claims.store(send.message());
		}
		catch (Throwable ex) {
			stored = CompletableFuture.failedFuture(ex);
		}
		// Not on the thread that tells of other data.
		stored.whenCompleteAsync((message, failure) -> {
			if (failure != null) {
				arriveFailed(send, notStored(Cluster.unwrap(failure)));
			}
			else {
				send.replace(message);
				arrive(send);
			}
		}, this::executeOrRun);
	}

	private LiftbridgeException notStored(LiftbridgeException why) {
		return new LiftbridgeException("An event for topic '" + topic()
				+ "' was not sent, as its data could not be stored before it: " + why.getMessage(), why,
				Outcome.NOT_SENT);
	}

	private void executeOrRun(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RuntimeException | Error refused) {
			task.run();
		}
	}

	private void arriveFailed(TopicSend<T> send, LiftbridgeException failure) {
		this.sequencer.arrive(send.ticket, NOTHING);
		finish(send, failure);
	}

	private void arrive(TopicSend<T> send) {
		if (this.options.ordering() == Ordering.STRICT) {
			this.sequencer.arrive(send.ticket, send);
		}
		else {
			handOver(send);
			this.sequencer.arrive(send.ticket, NOTHING);
		}
	}

	/** Gives the message to the producer, which chooses its partition. */
	void handOver(TopicSend<T> send) {
		BrokerUnavailableException known = this.outage;
		if (known != null && System.nanoTime() - send.startNanos > enqueueNanos()) {
			failInTurn(send, known);
			return;
		}
		send.handed = true;
		try {
			this.options.producer().send(send.message()).whenComplete(send);
			this.outage = null;
		}
		catch (BrokerUnavailableException ex) {
			this.outage = ex;
			failInTurn(send, ex);
		}
		catch (LiftbridgeException ex) {
			failInTurn(send, ex);
		}
		catch (Throwable ex) {
			failInTurn(send, new LiftbridgeException("An event for topic '" + topic() + "' was not sent: " + ex, ex,
					Outcome.NOT_SENT));
		}
	}

	/** Not on this thread: callbacks would hold up those whose turn comes next. */
	private void failInTurn(TopicSend<T> send, LiftbridgeException failure) {
		try {
			this.executor.execute(() -> finish(send, failure));
		}
		catch (RuntimeException | Error refused) {
			finish(send, failure);
		}
	}

	/** Makes room, once. */
	private boolean decide(TopicSend<T> send) {
		boolean first = this.open.replace(send, true, false);
		if (first) {
			this.inFlight.decrementAndGet();
			if (send.permitted) {
				this.room.release();
			}
		}
		return first;
	}

	/** Makes room, then tells. */
	void finish(TopicSend<T> send, @Nullable LiftbridgeException failure) {
		if (!decide(send)) {
			return;
		}
		boolean first = this.tellers.add(Thread.currentThread());
		try {
			if (failure != null && !send.isWatched()) {
				this.unwatched.failed(failure);
			}
			send.tell(failure, this.options.onFailure());
		}
		finally {
			this.open.remove(send);
			if (first) {
				this.tellers.remove(Thread.currentThread());
			}
		}
	}

	void flush() {
		CompletableFuture<?> outcomes = outcomes();
		if (await(this.sequencer.passed(), Bounds.YEAR)) {
			this.options.producer().flush();
			await(outcomes, Bounds.YEAR);
		}
	}

	boolean flush(Duration timeout) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		CompletableFuture<?> outcomes = outcomes();
		return await(this.sequencer.passed(), timeout)
				&& this.options.producer().flush(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))
				&& await(outcomes, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
	}

	private CompletableFuture<?> outcomes() {
		return CompletableFuture.allOf(this.open.keySet().toArray(CompletableFuture[]::new))
			.exceptionally((failed) -> null);
	}

	private boolean await(CompletableFuture<?> future, Duration timeout) {
		if (this.tellers.contains(Thread.currentThread())) {
			return true;
		}
		return Bounds.await(future, timeout);
	}

	void close(Duration timeout) {
		this.closed = true;
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		flush(timeout);
		this.options.producer().close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		ClaimCheck claims = this.options.claims();
		if (claims != null) {
			claims.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
		if (this.ownExecutor != null) {
			this.ownExecutor.shutdownNow();
		}
		for (TopicSend<T> send : this.open.keySet()) {
			// The producer of messages has closed and tells the fate of those that it
			// got.
			if (!send.handed) {
				finish(send,
						new ClientClosedException(
								"The producer for topic '" + topic()
										+ "' was closed before the turn of an event to be sent.",
								null, Outcome.NOT_SENT));
			}
		}
	}

	/**
	 * What a producer of a topic was told by its builder.
	 *
	 * @param definition the topic
	 * @param producer sends the messages
	 * @param executor prepares events, or {@code null} for an own thread
	 * @param ordering whether later events may overtake
	 * @param maxInFlight events without an outcome
	 * @param enqueueTimeout how long send waits for room
	 * @param onFailure is told of each event that failed
	 * @param claims stores large data apart, or {@code null} to store none
	 * @param <T> type of the events
	 */
	record Options<T>(TopicDefinition<T> definition, Producer producer, @Nullable Executor executor, Ordering ordering,
			int maxInFlight, Duration enqueueTimeout,
			@Nullable BiConsumer<? super T, ? super LiftbridgeException> onFailure, @Nullable ClaimCheck claims) {
	}

}
