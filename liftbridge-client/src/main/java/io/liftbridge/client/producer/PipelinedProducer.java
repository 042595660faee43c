package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Spreads messages over the lanes of a stream's partitions. What a message goes through
 * on the caller's thread is here: checks, choice of partition, the bound on messages in
 * flight.
 */
final class PipelinedProducer implements Producer {

	private static final Logger logger = LoggerFactory.getLogger(PipelinedProducer.class);

	/** Partitions beyond this number share lanes. */
	private static final int MAX_LANES = 64;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final Consumer<PipelinedProducer> onClose;

	private final InFlightGate gate;

	private final Executor completion;

	private final @Nullable ThreadPoolExecutor ownCompletion;

	private volatile @Nullable Thread completionThread;

	private final AtomicReferenceArray<@Nullable Lane> lanes = new AtomicReferenceArray<>(MAX_LANES);

	private final PartitionCount partitions;

	private final UnaryPublishes unary;

	private final AtomicBoolean closing = new AtomicBoolean();

	private final AtomicBoolean dropping = new AtomicBoolean();

	/** Who runs callbacks at the moment. */
	private volatile @Nullable Thread teller;

	private volatile boolean closed;

	private volatile boolean ended;

	PipelinedProducer(Cluster cluster, ProducerOptions options, Consumer<PipelinedProducer> onClose) {
		this.cluster = cluster;
		this.options = options;
		this.onClose = onClose;
		this.partitions = new PartitionCount(cluster, options.stream());
		this.unary = new UnaryPublishes(cluster, options, this::release);
		this.gate = new InFlightGate(options.maxInFlight(), options.maxInFlightBytes());
		Executor executor = options.completionExecutor();
		if (executor != null) {
			this.ownCompletion = null;
			this.completion = executor;
		}
		else {
			ThreadPoolExecutor own = ownThread(cluster.options().clientId(), options.stream());
			this.ownCompletion = own;
			this.completion = own;
		}
	}

	/** One thread that goes when there is nothing to do. */
	private ThreadPoolExecutor ownThread(String clientId, String stream) {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, clientId + "-acks-" + stream);
					thread.setDaemon(true);
					this.completionThread = thread;
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	@Override
	public String stream() {
		return this.options.stream();
	}

	@Override
	public CompletableFuture<Ack> send(Message message) {
		return start(message, this.options.enqueueTimeout().toNanos(), false);
	}

	@Override
	public Ack sendAndWait(Message message, Duration timeout) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		Pending pending = start(message, Math.min(Bounds.nanos(timeout), this.options.enqueueTimeout().toNanos()),
				true);
		try {
			return pending.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for the acknowledgement from stream '" + stream()
					+ "'. The message may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (TimeoutException ex) {
			throw new AckTimeoutException("No acknowledgement from stream '" + stream() + "' partition "
					+ pending.partition + " within " + timeout + ". The message may be stored all the same.", ex,
					Outcome.INDETERMINATE);
		}
	}

	private Pending start(Message message, long timeoutNanos, boolean awaited) {
		long deadline = System.nanoTime() + timeoutNanos;
		checkOpen();
		int partition = choosePartition(message, deadline);
		if (partition == Partitioner.DROP) {
			return drop(message);
		}
		AckPolicy policy = (message.ackPolicy() != null) ? message.ackPolicy() : this.options.ackPolicy();
		if (policy == AckPolicy.NONE && message.expectedOffset() != Message.ANY_OFFSET) {
			throw new InvalidRequestException("A message for stream '" + stream()
					+ "' with an expected offset needs an acknowledgement; policy NONE has none.", null);
		}
		boolean ownInbox = !message.ackInbox().isEmpty();
		if (ownInbox) {
			checkInbox(message, policy);
		}
		PublishRequest.Builder request = encode(message, partition, policy);
		int bytes = MessageSize.check(message, this.cluster, "stream '" + stream() + "' partition " + partition);
		Pending pending = new Pending(message, request, partition, bytes, policy != AckPolicy.NONE, awaited);
		enter(pending, deadline);
		if (ownInbox) {
			this.unary.send(pending);
			if (this.ended) {
				this.unary.close();
			}
			return pending;
		}
		Lane lane = lane(partition);
		lane.send(pending);
		if (this.ended) {
			// Too late to be among those that were closed.
			lane.close();
		}
		return pending;
	}

	/** Nothing is sent, but it is told as any outcome. */
	private Pending drop(Message message) {
		Pending dropped = new Pending(message, PublishRequest.newBuilder(), Partitioner.DROP, 0, false, true);
		// All of them would tell the same, at the rate of messages.
		logger.atLevel(this.dropping.getAndSet(true) ? Level.DEBUG : Level.INFO)
			.log("Stream '{}': the partitioner has no partition for {}, which is dropped; such messages are logged at"
					+ " DEBUG from now on", stream(), message);
		this.gate.force(0);
		release(List.of(dropped.resolve(new UnroutableException(
				message + " for stream '" + stream() + "' was dropped: the partitioner has no partition for it.",
				null))));
		return dropped;
	}

	private void checkInbox(Message message, AckPolicy policy) {
		StreamNames.checkConcreteSubject(message.ackInbox());
		if (policy == AckPolicy.NONE) {
			throw new InvalidRequestException("A message for stream '" + stream() + "' with ackInbox '"
					+ message.ackInbox() + "' needs an acknowledgement; policy NONE has none.", null);
		}
	}

	private void enter(Pending pending, long deadline) {
		try {
			if (this.teller == Thread.currentThread()) {
				// Only this thread makes room: waiting for it would be for ever.
				this.gate.force(pending.bytes);
			}
			else if (!this.gate.tryEnter(pending.bytes)
					&& !this.gate.enter(pending.bytes, Math.max(0, deadline - System.nanoTime()))) {
				throw new EnqueueTimeoutException(
						"No room for a message to stream '" + stream() + "': " + this.gate.inFlight()
								+ " messages are on their way without acknowledgement. The broker is slow"
								+ " or away; raise maxInFlight (liftbridge.producer.max-in-flight) or enqueueTimeout"
								+ " (liftbridge.producer.enqueue-timeout), or send more slowly.",
						null, Outcome.NOT_SENT);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for room to send to stream '" + stream() + "'.",
					ex, Outcome.NOT_SENT);
		}
		if (this.closed) {
			this.gate.leave(1, pending.bytes);
			checkOpen();
		}
	}

	private int choosePartition(Message message, long deadline) {
		int count = this.partitions.get(deadline);
		int partition = message.partition();
		if (partition == Message.ANY_PARTITION) {
			partition = this.options.partitioner().partition(message, count);
			if (partition != Partitioner.DROP && (partition < 0 || partition >= count)) {
				throw new InvalidRequestException("The partitioner chose partition " + partition + " of stream '"
						+ stream() + "', which has partitions 0 to " + (count - 1) + ".", null);
			}
		}
		else if (partition >= count && partition >= this.partitions.renew(deadline)) {
			throw Missing.partition(stream(), partition, count);
		}
		return partition;
	}

	private PublishRequest.Builder encode(Message message, int partition, AckPolicy policy) {
		PublishRequest.Builder request = PublishRequest.newBuilder()
			.setStream(stream())
			.setPartition(partition)
			.setValue(UnsafeByteOperations.unsafeWrap(message.value()))
			.setAckPolicy(WirePolicy.of(policy))
			.setExpectedOffset(message.expectedOffset());
		byte[] key = message.key();
		if (key != null) {
			request.setKey(UnsafeByteOperations.unsafeWrap(key));
		}
		if (!message.headers().isEmpty()) {
			message.headers().forEach((name, value) -> request.putHeaders(name, ByteString.copyFrom(value)));
		}
		return request;
	}

	private Lane lane(int partition) {
		int index = partition % MAX_LANES;
		Lane lane = this.lanes.get(index);
		if (lane == null) {
			lane = new Lane(this.cluster, this.options, partition, this::release);
			if (!this.lanes.compareAndSet(index, null, lane)) {
				return lane(partition);
			}
		}
		return lane;
	}

	/**
	 * Tells the outcome of messages, on the completion thread, once for a whole burst.
	 */
	private void release(List<Pending> resolved) {
		if (resolved.size() == 1 && resolved.get(0).awaited && this.options.listener() == ProducerListener.NONE) {
			// Nobody's code hangs on this future, somebody waits: spare a change of
			// threads.
			tell(resolved);
			return;
		}
		complete(() -> tell(resolved));
	}

	private void complete(Runnable task) {
		try {
			this.completion.execute(task);
		}
		catch (Throwable ex) {
			// The executor refuses, or there is no thread: better on this one than never.
			task.run();
		}
	}

	private void tell(List<Pending> resolved) {
		Thread before = this.teller;
		this.teller = Thread.currentThread();
		try {
			tellAll(resolved);
		}
		finally {
			this.teller = before;
		}
	}

	private void tellAll(List<Pending> resolved) {
		long bytes = 0;
		for (Pending pending : resolved) {
			bytes += pending.bytes;
		}
		this.gate.leave(resolved.size(), bytes);
		logUnobserved(resolved);
		for (Pending pending : resolved) {
			if (pending.failure() instanceof StreamNotFoundException
					|| pending.failure() instanceof PartitionNotFoundException) {
				this.partitions.forget();
			}
			try {
				pending.tell(this.options.listener());
			}
			catch (Throwable ex) {
				logger.error("A listener of the producer for stream '{}' failed", stream(), ex);
			}
		}
	}

	/** A failure that nobody looks at must not go by in silence. */
	private void logUnobserved(List<Pending> resolved) {
		int count = 0;
		LiftbridgeException first = null;
		for (Pending pending : resolved) {
			if (pending.failure() != null && pending.getNumberOfDependents() == 0 && !pending.awaited) {
				first = (first != null) ? first : pending.failure();
				count++;
			}
		}
		if (first != null) {
			logger.warn("{} message(s) to stream '{}' failed that nobody waits for at the moment, the first: {}", count,
					stream(), first.toString());
		}
	}

	private void checkOpen() {
		if (this.closed) {
			throw new ClientClosedException("The producer for stream '" + stream() + "' is closed.", null,
					Outcome.NOT_SENT);
		}
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
	}

	@Override
	public int inFlight() {
		return this.gate.inFlight();
	}

	@Override
	public void flush() {
		flush(this.options.ackTimeout().plusSeconds(1));
	}

	@Override
	public boolean flush(Duration timeout) {
		List<CompletableFuture<?>> waits = new ArrayList<>(this.unary.open());
		eachLane((lane) -> waits.add(lane.flushed()));
		CompletableFuture<Void> decided = CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new))
			.exceptionally((refused) -> null);
		// Behind the outcomes that were handed to the completion thread before; that
		// thread itself cannot wait for them.
		CompletableFuture<Void> told = (Thread.currentThread() == this.completionThread) ? decided
				: decided.thenRunAsync(() -> {
				}, this::complete);
		try {
			told.get(Bounds.nanos(timeout), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	private void eachLane(Consumer<Lane> action) {
		for (int i = 0; i < MAX_LANES; i++) {
			Lane lane = this.lanes.get(i);
			if (lane != null) {
				action.accept(lane);
			}
		}
	}

	void refuse() {
		this.closed = true;
	}

	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	@Override
	public void close(Duration timeout) {
		this.closed = true;
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		flush(timeout);
		this.ended = true;
		List<CompletableFuture<Void>> ends = new ArrayList<>();
		eachLane((lane) -> ends.add(lane.close()));
		this.unary.close();
		try {
			CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
				.get(Math.max(TimeUnit.MILLISECONDS.toNanos(100), deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("A broker did not end its call in time", ex);
		}
		if (this.ownCompletion != null) {
			this.ownCompletion.shutdown();
		}
		this.onClose.accept(this);
	}

}
