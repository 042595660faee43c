package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one partition from its subscription to the listener, from one start of the
 * container to its stop. Messages are handed in by one thread at a time; everything else
 * is safe for use by many threads.
 */
public final class PartitionDelivery implements BatchHandler {

	private static final Logger logger = LoggerFactory.getLogger(PartitionDelivery.class);

	private static final long LOOK_MILLIS = 100;

	/** How long to wait before messages are tried again that were kept. */
	private static final long DOUBT_MILLIS = 500;

	private final DeliveryContext context;

	private final PartitionRun run;

	private final Positions positions;

	private final Delivery delivery;

	private final FailureFlow failures;

	private final DelayedMessages delayed;

	/**
	 * What is delivered late is not delivered at the same time as what has come since.
	 */
	private final ReentrantLock turn = new ReentrantLock();

	private volatile @Nullable Runnable flow;

	private volatile boolean holding;

	/** Whether that is, or was last, for want of acknowledgments. */
	private volatile boolean heldBack;

	/** Whether somebody was told of that. */
	private boolean told;

	/** Where a pause has begun, until it ends. */
	private volatile @Nullable ReceivedMessage<byte[]> pausedAt;

	private volatile long newest = -1;

	/** Completes when nothing is delivered late any more. */
	private volatile CompletableFuture<Void> late = CompletableFuture.completedFuture(null);

	/**
	 * Creates it.
	 * @param context what the deliveries of the listener have in common
	 * @param cursor stores positions, {@code null} for none
	 * @param monitor is told how it fares
	 */
	public PartitionDelivery(DeliveryContext context, @Nullable CursorWriter cursor, DeliveryMonitor monitor) {
		this.context = context;
		this.run = new PartitionRun(context.pool());
		this.positions = new Positions(context, cursor, this::resumed);
		this.delayed = new DelayedMessages(context.timer(), this::goOn);
		this.failures = new FailureFlow(context, this.run, monitor);
		this.delivery = (context.listener() instanceof BatchListener batch)
				? new BatchDelivery(context, batch, this.run, this.positions, monitor)
				: new RecordDelivery(context, (RecordListener) context.listener(), this.run, this.positions, monitor);
	}

	/**
	 * Sets who holds the partition up while messages are not due or the listener is
	 * paused. Without it, a thread waits.
	 * @param flow is called when {@link #isHolding()} has changed; must not block
	 */
	public void setFlow(Runnable flow) {
		this.flow = flow;
	}

	/**
	 * Sets who tells whether messages are to be processed at the moment.
	 * @param owned is asked before each message, and after each pause; must not block. If
	 * they are not, handing them in fails, and what is left of them is to be handed in
	 * again.
	 */
	public void setOwned(BooleanSupplier owned) {
		this.run.setOwned(owned);
	}

	/**
	 * Sets what is to end before anything is delivered: somebody who has delivered
	 * messages of the same partition.
	 * @param former completes when nothing of it runs any more
	 */
	public void setFormer(CompletableFuture<?> former) {
		this.run.setFormer(former);
	}

	/**
	 * Tells whether nothing is to be handed in, because what was is not due yet, is left
	 * of a list since a pause, or waits until others are acknowledged.
	 * @return whether the partition is to be held up
	 */
	public boolean isHolding() {
		return this.holding;
	}

	/**
	 * Tells what the partition waits for.
	 * @return which messages are to be acknowledged before it goes on, {@code null} if it
	 * does not wait for that
	 */
	public @Nullable String heldBack() {
		return (this.holding && this.heldBack)
				? "nothing is delivered until more is acknowledged: waiting are " + this.positions.waiting() : null;
	}

	/**
	 * Somebody may have resumed the listener, or acknowledged enough.
	 */
	public void resumed() {
		ReceivedMessage<byte[]> at = this.pausedAt;
		if (at != null && !(this.heldBack && this.positions.isFull()) && !this.context.isPaused(at)) {
			goOn();
		}
	}

	@Override
	public void onMessages(List<ReceivedMessage<byte[]>> messages) {
		takeTurn();
		try {
			if (this.delayed.append(messages)) {
				// It takes a moment until nothing is handed in any more.
				arrived(messages);
			}
			else {
				deliver(messages, true, this.flow);
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	/** Delivers what is due, and holds the partition up if something is not. */
	private boolean deliver(List<ReceivedMessage<byte[]>> messages, boolean first, @Nullable Runnable source) {
		if (!this.run.enter()) {
			return false;
		}
		try {
			List<ReceivedMessage<byte[]>> rest = fresh(messages);
			if (first && !rest.isEmpty()) {
				arrived(rest);
			}
			while (!rest.isEmpty()) {
				this.heldBack = this.delivery.isHeldBack();
				boolean paused = this.heldBack || this.context.isPaused(rest.get(0));
				int due = paused ? 0 : DelayedMessages.due(rest, this.context.cursorId());
				if (due > 0) {
					int done = this.delivery.deliver(rest.subList(0, due));
					rest = rest.subList(done, rest.size());
				}
				else if (hold(rest, paused, source)) {
					return false;
				}
			}
			return true;
		}
		catch (PartitionDoubtedException ex) {
			throw ex;
		}
		catch (DeliveryStoppedException ex) {
			// What is left comes again after the next start.
			return false;
		}
		finally {
			this.run.leave();
		}
	}

	/** Returns {@code false} if the messages may be due now. */
	private boolean hold(List<ReceivedMessage<byte[]>> messages, boolean paused, @Nullable Runnable source) {
		ReceivedMessage<byte[]> first = messages.get(0);
		if (this.heldBack) {
			tellHeldBack(first);
		}
		if (source == null) {
			long wait = paused ? LOOK_MILLIS : Redelivery.due(first) - System.currentTimeMillis();
			this.run.pause(Duration.ofMillis(Math.max(0, wait)));
			return false;
		}
		this.holding = true;
		source.run();
		this.delayed.keep(messages, !paused);
		this.pausedAt = paused ? first : null;
		if (this.run.isStopped()) {
			this.delayed.take();
		}
		else {
			// It may have been too early for whoever has resumed it.
			resumed();
		}
		return true;
	}

	/** Once: where acknowledgments come late it is as it should be. */
	private void tellHeldBack(ReceivedMessage<byte[]> first) {
		if (!this.told) {
			this.told = true;
			logger.warn(
					"Listener '{}' has not acknowledged {} of {}/{}, and gets no more of it until there are half as"
							+ " many: acknowledge each message when it is processed, or set maxUnacknowledged"
							+ " (liftbridge.listener.max-unacknowledged), now {}, to more, or to 0 for any number",
					this.context.listenerId(), this.positions.waiting(), first.stream(), first.partition(),
					this.context.maxUnacknowledged());
		}
	}

	/** Whoever has it may need a permit to go on. */
	private void takeTurn() {
		if (!this.turn.tryLock()) {
			this.context.pool().yielding(this.turn::lock);
		}
	}

	private void goOn() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.late = done;
		try {
			this.context.pool().execute(() -> {
				try {
					deliverDelayed(this.flow);
				}
				catch (RuntimeException | Error ex) {
					// Whoever handed them in would have heard of it.
					this.context.stopper().accept(ex);
				}
				finally {
					done.complete(null);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// Threads of somebody else may be busy; otherwise the application ends.
			done.complete(null);
			this.delayed.postpone(DOUBT_MILLIS);
		}
	}

	/**
	 * Delivers what waits.
	 * @param source holds the partition up while it is not due; {@code null} to wait for
	 * that
	 */
	private void deliverDelayed(@Nullable Runnable source) {
		takeTurn();
		List<ReceivedMessage<byte[]>> messages = this.delayed.take();
		try {
			if (messages.isEmpty()) {
				return;
			}
			this.pausedAt = null;
			Runnable current = this.flow;
			if (deliver(messages, false, source) && current != null) {
				this.holding = false;
				current.run();
			}
		}
		catch (PartitionDoubtedException ex) {
			// Unless somebody else has it, in which case this is stopped.
			this.delayed.keep(messages, DOUBT_MILLIS);
			if (this.run.isStopped()) {
				this.delayed.take();
			}
			if (source == null) {
				throw ex;
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	private void arrived(List<ReceivedMessage<byte[]>> messages) {
		ReceivedMessage<byte[]> first = messages.get(0);
		this.newest = Math.max(this.newest, messages.get(messages.size() - 1).offset());
		this.context.metrics().received(this.context.listenerId(), first.stream(), messages.size());
		this.positions.arrived(first.resumeOffset());
	}

	/** Without records that were processed before the subscription was opened again. */
	private List<ReceivedMessage<byte[]>> fresh(List<ReceivedMessage<byte[]>> messages) {
		int first = 0;
		while (first < messages.size() && this.positions.isProcessed(messages.get(first))) {
			first++;
		}
		return messages.subList(first, messages.size());
	}

	/** The way of a poison message: the error handler decides what becomes of it. */
	@Override
	public boolean onMalformed(MalformedEntryException malformed) {
		ReceivedMessage<byte[]> raw = malformed.raw();
		if (raw == null) {
			return false;
		}
		takeTurn();
		try {
			// Those before it come first.
			deliverDelayed(null);
			return recover(raw, malformed);
		}
		finally {
			this.turn.unlock();
		}
	}

	private boolean recover(ReceivedMessage<byte[]> raw, MalformedEntryException malformed) {
		if (!this.run.enter()) {
			return false;
		}
		try {
			List<ReceivedMessage<byte[]>> messages = List.of(raw);
			arrived(messages);
			ListenerFailure failure = this.failures.failed(null, messages, malformed);
			List<Tracked> tracked = List.of(this.positions.delivered(raw));
			while (!this.failures.handle(failure)) {
				failure = this.failures.failed(failure, messages, malformed);
			}
			this.positions.settled(tracked);
			this.positions.processed(raw, 1);
			this.positions.endOfPoll();
		}
		catch (PartitionDoubtedException ex) {
			throw ex;
		}
		catch (DeliveryStoppedException ex) {
			// It comes again after the next start.
		}
		finally {
			this.run.leave();
		}
		return true;
	}

	/**
	 * Drops what waits because it is not due, or paused.
	 * @return completes when nothing is delivered late any more
	 */
	public CompletableFuture<Void> settle() {
		this.delayed.take();
		return this.late.thenRun(this.delayed::take);
	}

	/**
	 * Sets where reading begins. Not while messages are handed in, or before those that
	 * were have {@linkplain #settle() settled}.
	 * @param processed the offset before the first one to be read, -1 if it is not known
	 */
	public void reset(long processed) {
		this.delayed.take();
		this.holding = false;
		this.pausedAt = null;
		this.delivery.reset();
		this.positions.reset(processed);
		this.newest = -1;
	}

	/**
	 * Tells what is processed.
	 * @return offset of the last processed message, or what was set at the beginning
	 */
	public long processed() {
		return this.positions.processed();
	}

	/**
	 * Notes the newest offset of the partition.
	 * @param offset as its leader told
	 */
	public void seen(long offset) {
		this.newest = Math.max(this.newest, offset);
	}

	/**
	 * Tells the newest offset as of the last look.
	 * @return the offset, -1 if it is not known
	 */
	public long newest() {
		return this.newest;
	}

	/**
	 * Ends pauses at once and lets a listener that runs finish.
	 * @return completes when nothing runs any more
	 */
	public CompletableFuture<Void> stop() {
		this.delayed.take();
		return this.run.stop().thenRun(this.positions::ended);
	}

	/**
	 * Interrupts a listener that still runs.
	 * @return whether one does
	 */
	public boolean interrupt() {
		return this.run.interrupt();
	}

	/**
	 * Tells whether the caller is the listener.
	 * @return whether the current thread works this partition
	 */
	public boolean isRunByCurrentThread() {
		return this.run.isRunByCurrentThread();
	}

}
