package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose senders do not wait: they wait here, in order, for room and for the
 * number of partitions. One task at a time admits them; nothing in it blocks. Safe for
 * use by many threads.
 */
final class AsyncSends {

	private static final int LEAST_ROOM = 1000;

	/** The bound keeps a wake-up that was missed from mattering. */
	private static final Duration GLANCE = Duration.ofMillis(50);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final PartitionChoice partitions;

	private final InFlightGate gate;

	private final Executor executor;

	private final Teller teller;

	private final Consumer<Sending> onAdmitted;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Waiting> queue = new ArrayDeque<>();

	private long bytes;

	/** Whether the task is running or about to, and whether it must look once more. */
	private boolean working;

	private boolean again;

	private boolean timed;

	private boolean closed;

	private volatile int size;

	AsyncSends(Cluster cluster, ProducerOptions options, PartitionChoice partitions, InFlightGate gate,
			Executor executor, Teller teller, Consumer<Sending> onAdmitted) {
		this.cluster = cluster;
		this.options = options;
		this.partitions = partitions;
		this.gate = gate;
		this.executor = executor;
		this.teller = teller;
		this.onAdmitted = onAdmitted;
	}

	/** Whether no message waits. */
	boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * Adds a message.
	 * @return the message as it waits, {@code null} if there is no room even for waiting
	 */
	@Nullable Waiting offer(Sending sending, long deadline, boolean blocking) {
		Waiting waiting = new Waiting(sending, deadline, blocking);
		this.lock.lock();
		try {
			if (this.closed) {
				throw Answers.producerClosed(this.options.stream());
			}
			boolean full = this.size >= mostMessages()
					|| (this.size > 0 && this.bytes + sending.bytes > this.options.maxInFlightBytes());
			if (full) {
				return null;
			}
			this.queue.add(waiting);
			this.bytes += sending.bytes;
			this.size++;
		}
		finally {
			this.lock.unlock();
		}
		wake();
		return waiting;
	}

	private int mostMessages() {
		return Math.max(LEAST_ROOM, this.options.maxInFlight());
	}

	/** Why {@link #offer} had no room. */
	LiftbridgeException full() {
		return Answers.queueFull(this.options, this.size, mostMessages());
	}

	/** Something has changed for those that wait. */
	void wake() {
		this.lock.lock();
		try {
			if (this.working) {
				this.again = true;
				return;
			}
			if (this.queue.isEmpty()) {
				return;
			}
			this.working = true;
		}
		finally {
			this.lock.unlock();
		}
		this.executor.execute(this::work);
	}

	private void work() {
		for (Waiting head = head(); head != null; head = head()) {
			boolean done;
			try {
				done = admit(head);
			}
			catch (Throwable ex) {
				done = true;
				if (head.claim()) {
					fail(head, notSent(ex));
				}
			}
			if (done) {
				remove();
			}
			else if (isIdle()) {
				return;
			}
		}
	}

	private @Nullable Waiting head() {
		this.lock.lock();
		try {
			Waiting head = this.queue.peek();
			if (head == null) {
				this.working = false;
				this.again = false;
			}
			return head;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove() {
		this.lock.lock();
		try {
			// Emptied by close, perhaps.
			Waiting done = this.queue.poll();
			if (done != null) {
				this.bytes -= done.sending.bytes;
				this.size--;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Nothing can be done for the first one. Returns whether that is still so. */
	private boolean isIdle() {
		boolean schedule;
		this.lock.lock();
		try {
			if (this.again) {
				this.again = false;
				return false;
			}
			this.working = false;
			schedule = !this.timed;
			this.timed = true;
		}
		finally {
			this.lock.unlock();
		}
		if (schedule) {
			this.cluster.schedule(this::glance, GLANCE);
		}
		return true;
	}

	private void glance() {
		this.lock.lock();
		try {
			this.timed = false;
		}
		finally {
			this.lock.unlock();
		}
		wake();
	}

	/** Returns whether the first one waits no more. */
	private boolean admit(Waiting head) {
		if (head.isClaimed()) {
			return true;
		}
		if (head.lookedUp) {
			return false;
		}
		Sending sending = head.sending;
		if (head.deadline - System.nanoTime() <= 0) {
			if (head.claim()) {
				fail(head, Answers.noRoom(this.options.stream(), this.gate.inFlight()));
			}
			return true;
		}
		if (sending.partition == Message.ANY_PARTITION) {
			if (!this.partitions.isKnown(sending.message)) {
				head.lookedUp = true;
				lookUp(head);
				return false;
			}
			sending.partition(this.partitions.choose(sending.message, head.deadline));
		}
		if (!this.gate.tryEnter(sending.count(), sending.bytes)) {
			if (!this.gate.ask(sending.count(), sending.bytes)) {
				return false;
			}
		}
		if (!head.claim()) {
			this.gate.leave(sending.count(), sending.bytes);
			return true;
		}
		try {
			this.onAdmitted.accept(sending);
			head.admitted.complete(null);
		}
		catch (Throwable ex) {
			// Nobody else can claim it any more.
			fail(head, notSent(ex));
		}
		return true;
	}

	/** Waits for a broker, on a thread that is only there for this. */
	private void lookUp(Waiting head) {
		List<Waiting> askers = waiting();
		Thread thread = new Thread(() -> {
			try {
				int partition = this.partitions.choose(head.sending.message, head.deadline);
				head.sending.partition(partition);
			}
			catch (Throwable ex) {
				LiftbridgeException why = notSent(ex);
				// No stream for one of them is none for all that wanted to know.
				for (Waiting asker : (ex instanceof StreamNotFoundException) ? askers : List.of(head)) {
					if (asker.claim()) {
						fail(asker, why);
					}
				}
			}
			head.lookedUp = false;
			wake();
		}, this.cluster.options().clientId() + "-partitions-" + this.options.stream());
		thread.setDaemon(true);
		thread.start();
	}

	private void fail(Waiting waiting, LiftbridgeException why) {
		if (waiting.blocking) {
			waiting.admitted.completeExceptionally(why);
			return;
		}
		this.teller.refused(waiting.sending, why);
		waiting.admitted.complete(null);
	}

	private LiftbridgeException notSent(Throwable ex) {
		return (ex instanceof LiftbridgeException known) ? known : new LiftbridgeException(
				"A message to stream '" + this.options.stream() + "' was not sent: " + ex, ex, Outcome.NOT_SENT);
	}

	/** Completes once everything that waits now is on its way, or has failed. */
	CompletableFuture<Void> admitted() {
		CompletableFuture<?>[] waits = waiting().stream()
			.map((waiting) -> waiting.admitted)
			.toArray(CompletableFuture[]::new);
		return CompletableFuture.allOf(waits).exceptionally((failed) -> null);
	}

	private List<Waiting> waiting() {
		this.lock.lock();
		try {
			return List.copyOf(this.queue);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Fails all that wait. */
	void close() {
		List<Waiting> rest;
		this.lock.lock();
		try {
			this.closed = true;
			rest = List.copyOf(this.queue);
			this.queue.clear();
			this.size = 0;
		}
		finally {
			this.lock.unlock();
		}
		for (Waiting waiting : rest) {
			if (waiting.claim()) {
				fail(waiting, Answers.producerClosed(this.options.stream()));
			}
		}
	}

}
