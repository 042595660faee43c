package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Batcher.Patience;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of what a message goes through on the caller's thread: checks, choice of
 * partition, the bound on messages in flight; and the end of it all.
 */
final class PipelinedProducer implements Producer {

	private static final Logger logger = LoggerFactory.getLogger(PipelinedProducer.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final Consumer<PipelinedProducer> onClose;

	private final InFlightGate gate;

	private final Work work;

	private final Teller teller;

	private final PartitionChoice partitions;

	private final Outgoing outgoing;

	private final Drops drops;

	private final @Nullable Batchers batchers;

	private final Lanes lanes;

	private final AsyncSends async;

	private final AtomicBoolean closing = new AtomicBoolean();

	private volatile boolean closed;

	PipelinedProducer(Cluster cluster, ProducerOptions options, EntryEncoder entries,
			Consumer<PipelinedProducer> onClose) {
		this.cluster = cluster;
		this.options = options;
		this.onClose = onClose;
		String clientId = cluster.options().clientId();
		this.work = new Work(options.executor(), clientId + "-sends-" + options.stream());
		this.partitions = new PartitionChoice(cluster, options);
		this.gate = new InFlightGate(options.maxInFlight(), options.maxInFlightBytes(), this::madeRoom, this::noRoom);
		this.teller = new Teller(options, clientId, this.gate, this.partitions::forget);
		this.outgoing = new Outgoing(cluster, options, entries);
		this.drops = new Drops(options.stream());
		this.lanes = new Lanes(cluster, options, this::released);
		this.async = new AsyncSends(cluster, options, this.partitions, this.gate, this.work, this.teller, this::force);
		this.batchers = options.batching().isOn() ? new Batchers(cluster, options, this.gate, this.work,
				this.lanes::send, this::released, this::checkOpen) : null;
	}

	private void madeRoom() {
		this.async.wake();
	}

	@Override
	public String stream() {
		return this.options.stream();
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public CompletableFuture<Ack> send(Message message) {
		return start(message, this.options.enqueueTimeout().toNanos(), false);
	}

	@Override
	public void send(Message message, ConfirmationHandler handler) {
		send(message).whenComplete(new Confirming(message, handler, null));
	}

	@Override
	public void send(Message message, ConfirmationHandler handler, Executor executor) {
		send(message).whenComplete(new Confirming(message, handler, executor));
	}

	@Override
	public Optional<CompletableFuture<Ack>> trySend(Message message) {
		checkOpen();
		if (!this.partitions.isKnown(message)) {
			Sending pending = this.outgoing.prepare(message, Message.ANY_PARTITION, false);
			return Optional.ofNullable((this.async.offer(pending, asyncDeadline(), false) != null) ? pending : null);
		}
		if (isBehind()) {
			return Optional.empty();
		}
		int partition = this.partitions.choose(message, System.nanoTime());
		Sending pending = this.outgoing.prepare(message, partition, false);
		if (!this.gate.tryEnter(pending.bytes)) {
			noRoom();
			return Optional.empty();
		}
		leaveIfClosed(pending);
		if (!dispatch(pending, Patience.TRY, 0)) {
			return Optional.empty();
		}
		return Optional.of(pending);
	}

	@Override
	public CompletableFuture<Ack> sendAsync(Message message) {
		CompletableFuture<Ack> refused = new CompletableFuture<>();
		try {
			checkOpen();
			if (!isBehind() && this.partitions.isKnown(message)) {
				int partition = this.partitions.choose(message, System.nanoTime());
				Sending pending = this.outgoing.prepare(message, partition, false);
				if (this.gate.tryEnter(pending.bytes)) {
					leaveIfClosed(pending);
					force(pending);
					return pending;
				}
				return queued(pending);
			}
			return queued(this.outgoing.prepare(message, Message.ANY_PARTITION, false));
		}
		catch (LiftbridgeException ex) {
			this.teller.refused(message, refused, ex);
			return refused;
		}
	}

	private CompletableFuture<Ack> queued(Sending pending) {
		if (this.async.offer(pending, asyncDeadline(), false) == null) {
			throw Answers.noRoom(stream(), this.gate.inFlight());
		}
		return pending;
	}

	private long asyncDeadline() {
		return System.nanoTime() + this.options.enqueueTimeout().toNanos();
	}

	@Override
	public List<CompletableFuture<Ack>> sendBatch(List<Message> messages) {
		if (messages.isEmpty()) {
			throw new InvalidRequestException(
					"A batch for stream '" + stream() + "' has no messages; it must have 1 or more.", null);
		}
		long deadline = asyncDeadline();
		checkOpen();
		List<CompletableFuture<Ack>> futures = new ArrayList<>(messages.size());
		List<Sending> prepared = new ArrayList<>(messages.size());
		for (Message message : messages) {
			prepared.add(this.outgoing.prepare(message, this.partitions.choose(message, deadline), false));
		}
		LiftbridgeException failure = null;
		for (Sending pending : prepared) {
			futures.add(pending);
			failure = (failure != null) ? failure : admitted(pending, deadline);
			if (failure != null) {
				this.teller.refused(pending.message, pending, failure);
			}
		}
		// The list is the batch: it waits for nothing.
		prepared.forEach(Sending::want);
		return futures;
	}

	private @Nullable LiftbridgeException admitted(Sending pending, long deadline) {
		try {
			admit(pending, deadline);
			return null;
		}
		catch (LiftbridgeException ex) {
			return ex;
		}
	}

	@Override
	public Ack sendAndWait(Message message, Duration timeout) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		Sending pending = start(message, Math.min(Bounds.nanos(timeout), this.options.enqueueTimeout().toNanos()),
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

	private Sending start(Message message, long timeoutNanos, boolean awaited) {
		long deadline = System.nanoTime() + timeoutNanos;
		checkOpen();
		Sending pending = this.outgoing.prepare(message, this.partitions.choose(message, deadline), awaited);
		admit(pending, deadline);
		return pending;
	}

	/** The message goes on its way, after those that wait for their turn. */
	private void admit(Sending pending, long deadline) {
		if (isBehind() && waitsBehind(pending, deadline)) {
			return;
		}
		enter(pending, deadline);
		if (!dispatch(pending, this.teller.isTelling() ? Patience.FORCE : Patience.WAIT, deadline)) {
			throw Answers.noRoom(this.options, pending.partition);
		}
	}

	/** Hands a message on that has entered the gate. If there is no room, it has left. */
	private boolean dispatch(Sending pending, Patience patience, long deadline) {
		if (goesAlone(pending)) {
			return true;
		}
		if (this.batchers == null) {
			this.lanes.send((Pending) pending);
			return true;
		}
		boolean accepted = false;
		try {
			accepted = this.batchers.append(pending, patience, deadline);
			return accepted;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(ex);
		}
		finally {
			if (!accepted) {
				this.gate.leave(1, pending.bytes);
			}
		}
	}

	/** Hands a message on that is not waited for and has entered the gate. */
	private void force(Sending pending) {
		if (goesAlone(pending)) {
			return;
		}
		if (this.batchers == null) {
			this.lanes.send((Pending) pending);
		}
		else {
			this.batchers.force(pending);
		}
	}

	/** Whether it was nothing for a batch, and is on its way. */
	private boolean goesAlone(Sending pending) {
		if (pending.partition == Partitioner.DROP) {
			released(List.of(this.drops.drop(pending)));
			return true;
		}
		if (!pending.message.ackInbox().isEmpty()) {
			this.lanes.send((Pending) pending);
			return true;
		}
		return false;
	}

	private void released(List<? extends Sending> resolved) {
		this.teller.release(resolved);
		// After that, so that whoever flushes is told later than these.
		if (this.batchers != null) {
			Batchers.decided(resolved);
		}
	}

	private void noRoom() {
		if (this.batchers != null) {
			this.batchers.hurry();
		}
	}

	private boolean waitsBehind(Sending pending, long deadline) {
		boolean blocking = !this.teller.isTelling();
		while (isBehind()) {
			Waiting waiting = this.async.offer(pending, deadline, blocking);
			if (waiting != null) {
				if (blocking) {
					await(waiting.admitted, deadline, waiting);
				}
				return true;
			}
			if (!blocking || deadline - System.nanoTime() <= 0) {
				throw Answers.noRoom(stream(), this.gate.inFlight());
			}
			await(this.async.admitted(), deadline, null);
		}
		return false;
	}

	/** Whether there are messages that wait and must not be overtaken. */
	private boolean isBehind() {
		return !this.async.isEmpty() && this.options.ordering() == Ordering.STRICT;
	}

	private void await(CompletableFuture<Void> admitted, long deadline, @Nullable Waiting waiting) {
		try {
			admitted.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (TimeoutException ex) {
			if (waiting == null || waiting.claim()) {
				throw Answers.noRoom(stream(), this.gate.inFlight());
			}
			decided(admitted);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			if (waiting == null || waiting.claim()) {
				throw interrupted(ex);
			}
			decided(admitted);
		}
	}

	/** Somebody else has decided in this moment, and says what in the next. */
	private static void decided(CompletableFuture<Void> admitted) {
		try {
			admitted.join();
		}
		catch (CompletionException ex) {
			throw Cluster.unwrap(ex);
		}
	}

	private void enter(Sending pending, long deadline) {
		try {
			if (this.teller.isTelling()) {
				// Only this thread makes room: waiting for it would be for ever.
				this.gate.force(pending.bytes);
			}
			else if (!this.gate.tryEnter(pending.bytes)
					&& !this.gate.enter(pending.bytes, Math.max(0, deadline - System.nanoTime()))) {
				throw Answers.noRoom(stream(), this.gate.inFlight());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(ex);
		}
		leaveIfClosed(pending);
	}

	private LiftbridgeException interrupted(InterruptedException ex) {
		return new LiftbridgeException("Interrupted while waiting for room to send to stream '" + stream() + "'.", ex,
				Outcome.NOT_SENT);
	}

	private void leaveIfClosed(Sending pending) {
		if (this.closed) {
			this.gate.leave(1, pending.bytes);
			checkOpen();
		}
	}

	private void checkOpen() {
		if (this.closed) {
			throw Answers.producerClosed(stream());
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
		// That thread itself cannot wait for what it has to tell.
		CompletableFuture<Void> told = this.teller.isOwnThread() ? decided() : flushAsync();
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

	@Override
	public CompletableFuture<Void> flushAsync() {
		// Behind the outcomes that were handed to the completion thread before.
		return decided().thenRunAsync(() -> {
		}, this.teller::execute);
	}

	private CompletableFuture<Void> decided() {
		return this.async.admitted()
			.thenCompose((admitted) -> (this.batchers != null) ? this.batchers.flushed()
					: CompletableFuture.<Void>completedFuture(null))
			.thenCompose((decided) -> this.lanes.flushed());
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
		this.async.close();
		if (this.batchers != null) {
			this.batchers.close();
		}
		CompletableFuture<Void> ended = this.lanes.close();
		try {
			ended.get(Math.max(TimeUnit.MILLISECONDS.toNanos(100), deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("A broker did not end its call in time", ex);
		}
		this.work.shutdown();
		this.teller.shutdown();
		this.onClose.accept(this);
	}

}
