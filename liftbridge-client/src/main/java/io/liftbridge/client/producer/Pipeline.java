package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Batcher.Patience;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a producer: who waits for room, what is collected, what is on its way.
 * Lets messages in and tells when all of them have their outcome.
 */
final class Pipeline {

	private final Cluster cluster;

	private final ProducerOptions options;

	private final InFlightGate gate;

	private final Meter meter;

	private final Work work;

	private final Teller teller;

	private final Drops drops;

	private final @Nullable Batchers batchers;

	private final @Nullable PublishingIds ids;

	private final Lanes lanes;

	private final AsyncSends async;

	private volatile boolean closed;

	Pipeline(Cluster cluster, ProducerOptions options, PartitionChoice partitions, @Nullable PublishingIds ids,
			Packer packer, Meter meter) {
		this.ids = ids;
		this.cluster = cluster;
		this.meter = meter;
		this.options = options;
		String clientId = cluster.options().clientId();
		this.work = new Work(options.executor(), clientId + "-sends-" + options.stream());
		this.gate = new InFlightGate(options.maxInFlight(), options.maxInFlightBytes(), this::madeRoom, this::noRoom);
		this.teller = new Teller(cluster, options, this.gate, meter, partitions::forget);
		this.drops = new Drops(options.stream());
		this.lanes = new Lanes(cluster, options, ids, this::released);
		this.batchers = options.batching().isOn() ? new Batchers(cluster, options, this.gate, this.work, packer,
				this.lanes::send, this::released, this::checkOpen, meter) : null;
		this.async = new AsyncSends(cluster, options, partitions, this.gate, this.work, this.teller, this::force);
	}

	private void madeRoom() {
		this.async.wake();
	}

	Teller teller() {
		return this.teller;
	}

	int inFlight() {
		return this.gate.inFlight();
	}

	/** The message goes on its way if there is room for it. Does not wait. */
	boolean tryAdmit(Sending sending) {
		if (isBehind()) {
			return false;
		}
		if (!this.gate.tryEnter(sending.count(), sending.bytes)) {
			noRoom();
			return false;
		}
		leaveIfClosed(sending);
		return dispatch(sending, Patience.TRY, 0);
	}

	/** The message goes on its way, or waits for its turn. Does not wait for it. */
	void queue(Sending sending) {
		if (sending.partition != Message.ANY_PARTITION && !isBehind()
				&& this.gate.tryEnter(sending.count(), sending.bytes)) {
			leaveIfClosed(sending);
			force(sending);
		}
		else if (!offer(sending)) {
			throw this.async.full();
		}
	}

	/** The message waits for its turn, if there is room for that. */
	boolean offer(Sending sending) {
		return this.async.offer(sending, System.nanoTime() + this.options.enqueueTimeout().toNanos(), false) != null;
	}

	/** The message goes on its way, after those that wait for their turn. */
	void admit(Sending sending, long deadline) {
		if (isBehind() && waitsBehind(sending, deadline)) {
			return;
		}
		enter(sending, deadline);
		if (!dispatch(sending, this.teller.isTelling() ? Patience.FORCE : Patience.WAIT, deadline)) {
			throw Answers.noRoom(this.options, sending.partition);
		}
	}

	/** Hands a message on that has entered the gate. If there is no room, it has left. */
	private boolean dispatch(Sending sending, Patience patience, long deadline) {
		if (goesAlone(sending)) {
			return true;
		}
		if (this.batchers == null) {
			sent(sending);
			this.lanes.send((Pending) sending);
			return true;
		}
		boolean accepted = false;
		try {
			accepted = append(this.batchers, sending, patience, deadline);
			if (accepted) {
				sent(sending);
			}
			return accepted;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(ex);
		}
		finally {
			if (!accepted) {
				this.gate.leave(sending.count(), sending.bytes);
			}
		}
	}

	private boolean append(Batchers to, Sending sending, Patience patience, long deadline) throws InterruptedException {
		if (patience != Patience.WAIT || !this.meter.isOn()) {
			return to.append(sending, patience, deadline);
		}
		if (to.append(sending, Patience.TRY, deadline)) {
			return true;
		}
		long since = System.nanoTime();
		try {
			return to.append(sending, patience, deadline);
		}
		finally {
			this.meter.blocked(System.nanoTime() - since);
		}
	}

	/** Hands a message on that is not waited for and has entered the gate. */
	private void force(Sending sending) {
		if (goesAlone(sending)) {
			return;
		}
		sent(sending);
		if (this.batchers == null) {
			this.lanes.send((Pending) sending);
		}
		else {
			this.batchers.force(sending);
		}
	}

	/** Whether it was nothing for a batch, and is on its way. */
	private boolean goesAlone(Sending sending) {
		if (sending.partition == Partitioner.DROP) {
			released(List.of(this.drops.drop(sending)));
			return true;
		}
		if (!sending.message.ackInbox().isEmpty()) {
			sent(sending);
			this.lanes.send((Pending) sending);
			return true;
		}
		return false;
	}

	/** What was stored before the start is not sent again, and not counted. */
	private void sent(Sending sending) {
		if (this.meter.isOn() && (this.ids == null || !this.ids.isStored(sending))) {
			this.meter.sent(sending.count());
		}
	}

	private void released(List<? extends Sending> resolved) {
		if (this.ids != null) {
			this.ids.decided(resolved);
		}
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

	private boolean waitsBehind(Sending sending, long deadline) {
		boolean blocking = !this.teller.isTelling();
		while (isBehind()) {
			Waiting waiting = this.async.offer(sending, deadline, blocking);
			if (waiting != null) {
				if (blocking) {
					await(waiting.admitted, deadline, waiting);
				}
				return true;
			}
			if (!blocking || deadline - System.nanoTime() <= 0) {
				throw Answers.noRoom(this.options.stream(), this.gate.inFlight());
			}
			await(this.async.admitted(), deadline, null);
		}
		return false;
	}

	/** Whether there are messages that wait and must not be overtaken. */
	boolean isBehind() {
		return !this.async.isEmpty() && this.options.ordering() == Ordering.STRICT;
	}

	private void await(CompletableFuture<Void> admitted, long deadline, @Nullable Waiting waiting) {
		long since = System.nanoTime();
		try {
			awaitAdmission(admitted, deadline, waiting);
		}
		finally {
			this.meter.blocked(System.nanoTime() - since);
		}
	}

	private void awaitAdmission(CompletableFuture<Void> admitted, long deadline, @Nullable Waiting waiting) {
		try {
			admitted.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (TimeoutException ex) {
			if (waiting == null || waiting.claim()) {
				throw Answers.noRoom(this.options.stream(), this.gate.inFlight());
			}
			awaitDecision(admitted);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			if (waiting == null || waiting.claim()) {
				throw interrupted(ex);
			}
			awaitDecision(admitted);
		}
	}

	/** Somebody else has decided in this moment, and says what in the next. */
	private static void awaitDecision(CompletableFuture<Void> admitted) {
		try {
			admitted.join();
		}
		catch (CompletionException ex) {
			throw Cluster.unwrap(ex);
		}
	}

	private void enter(Sending sending, long deadline) {
		try {
			if (this.teller.isTelling()) {
				// Only this thread makes room: waiting for it would be for ever.
				this.gate.force(sending.count(), sending.bytes);
			}
			else if (!this.gate.tryEnter(sending.count(), sending.bytes) && !waitsForRoom(sending, deadline)) {
				throw Answers.noRoom(this.options.stream(), this.gate.inFlight());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw interrupted(ex);
		}
		leaveIfClosed(sending);
	}

	private boolean waitsForRoom(Sending sending, long deadline) throws InterruptedException {
		long since = System.nanoTime();
		try {
			return this.gate.enter(sending.count(), sending.bytes, Math.max(0, deadline - since));
		}
		finally {
			this.meter.blocked(System.nanoTime() - since);
		}
	}

	private LiftbridgeException interrupted(InterruptedException ex) {
		return new LiftbridgeException(
				"Interrupted while waiting for room to send to stream '" + this.options.stream() + "'.", ex,
				Outcome.NOT_SENT);
	}

	private void leaveIfClosed(Sending sending) {
		if (this.closed) {
			this.gate.leave(sending.count(), sending.bytes);
			checkOpen();
		}
	}

	void checkOpen() {
		if (this.closed) {
			throw Answers.producerClosed(this.options.stream());
		}
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
	}

	/** Completes once everything that was let in before has its outcome. */
	CompletableFuture<Void> decided() {
		return this.async.admitted()
			.thenCompose((admitted) -> (this.batchers != null) ? this.batchers.flushed()
					: CompletableFuture.<Void>completedFuture(null))
			.thenCompose((decided) -> this.lanes.flushed());
	}

	/** Lets nothing in any more. */
	void refuse() {
		this.closed = true;
	}

	/** Fails everything. Completes once all calls have ended. */
	CompletableFuture<Void> fail() {
		this.async.close();
		if (this.batchers != null) {
			this.batchers.close();
		}
		return this.lanes.close();
	}

	void shutdown() {
		this.work.shutdown();
		this.teller.shutdown();
	}

}
