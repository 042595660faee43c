package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.SharedThreads;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.entry.Codecs;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a client, and the threads for those without an executor of their
 * own. For use inside the client.
 */
public final class Subscriptions {

	private static final int NOTICE_THREADS = 4;

	private static final Duration PATIENCE = Duration.ofMillis(200);

	private static final Duration IDLE_TIME = Duration.ofSeconds(10);

	private final Cluster cluster;

	private final CursorStore cursors;

	private final Codecs codecs;

	private final String threadName;

	private final Set<PartitionSubscription> open = ConcurrentHashMap.newKeySet();

	private final Set<PulledCursors> pulled = ConcurrentHashMap.newKeySet();

	private final ThreadPoolExecutor threads;

	/** A lost connection is told to all subscriptions at once. */
	private final SharedThreads notices;

	private volatile boolean closing;

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param cursors keeps positions
	 * @param codecs decompress
	 */
	public Subscriptions(Cluster cluster, CursorStore cursors, Codecs codecs) {
		this.cluster = cluster;
		this.cursors = cursors;
		this.codecs = codecs;
		this.threadName = cluster.options().clientId() + "-handler";
		this.notices = new SharedThreads(this.threadName, NOTICE_THREADS, PATIENCE, cluster::schedule, IDLE_TIME);
		// Not that of whoever needs the first thread, which may know less.
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		AtomicInteger count = new AtomicInteger();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_TIME.toSeconds(), TimeUnit.SECONDS,
				new SynchronousQueue<>(), (task) -> {
					Thread thread = new Thread(task, this.threadName + "-" + count.incrementAndGet());
					thread.setDaemon(true);
					thread.setContextClassLoader(classLoader);
					return thread;
				});
	}

	/**
	 * Starts a subscription.
	 * @param options what it was told
	 * @return the subscription
	 */
	public Subscription start(SubscriptionOptions options) {
		return start(options, cursor(options));
	}

	@Nullable SubscriptionCursor cursor(SubscriptionOptions options) {
		CursorOptions cursor = options.cursor();
		return (cursor != null) ? new SubscriptionCursor(this.cluster, this.cursors, options, cursor) : null;
	}

	Subscription start(SubscriptionOptions options, @Nullable SubscriptionCursor cursor) {
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
		PartitionSubscription subscription = new PartitionSubscription(this.cluster, options, cursor, this.codecs,
				this.threads, notices());
		this.open.add(subscription);
		subscription.atEnd(() -> this.open.remove(subscription));
		subscription.start();
		if (this.closing) {
			// Too late to be among those that were closed.
			subscription.requestClose();
		}
		return subscription;
	}

	void opened(PulledCursors consumer) {
		this.pulled.add(consumer);
	}

	void closed(PulledCursors consumer) {
		this.pulled.remove(consumer);
	}

	/**
	 * The threads for the user's code.
	 * @return the executor
	 */
	public Executor threads() {
		return this.threads;
	}

	/**
	 * The threads that tell users something: a few, of which one that is held up is
	 * replaced.
	 * @return the executor
	 */
	public Executor notices() {
		return this.notices.named(this.threadName);
	}

	/**
	 * Closes all subscriptions, and stores their positions.
	 * @param timeout how long to wait for handlers that run and for cursors, all
	 * subscriptions together
	 */
	public void close(Duration timeout) {
		this.closing = true;
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		this.open.forEach(PartitionSubscription::requestClose);
		for (PartitionSubscription subscription : this.open) {
			subscription.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
		CompletableFuture<Void> stored = CompletableFuture
			.allOf(this.pulled.stream().map(PulledCursors::close).toArray(CompletableFuture[]::new));
		Bounds.await(stored, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		this.threads.shutdown();
		this.notices.close();
	}

}
