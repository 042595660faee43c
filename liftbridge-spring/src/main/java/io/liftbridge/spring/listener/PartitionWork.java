package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.CursorWriter;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the messages of one partition go through, whoever fetches them: delivery, position
 * and health. Safe for use by many threads.
 */
final class PartitionWork {

	private static final Logger logger = LoggerFactory.getLogger(PartitionWork.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final String stream;

	private final int partition;

	private final PartitionReporter reporter;

	private final @Nullable CursorWriter cursor;

	private final Runnable flow;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile PartitionDelivery delivery;

	private boolean stopped;

	/** Of the timer's thread. */
	private final LookPace pace = new LookPace();

	/** Whether the last look has failed. */
	private volatile boolean unknown;

	private final AtomicBoolean looking = new AtomicBoolean();

	/**
	 * Creates it.
	 * @param cursorId how the cursor is called, {@code null} for none
	 * @param store stores a position in it
	 * @param flow is called when the partition is to be held up, or to go on
	 */
	PartitionWork(ContainerContext context, ContainerSession session, String stream, int partition,
			@Nullable String cursorId, LongFunction<CompletableFuture<Void>> store, Runnable flow) {
		this.context = context;
		this.session = session;
		this.stream = stream;
		this.partition = partition;
		this.flow = flow;
		this.reporter = new PartitionReporter(context, session, stream, partition);
		ContainerProperties properties = context.properties();
		this.cursor = (cursorId != null)
				? new CursorWriter(store, cursorId, context.threads().timer(), cursorInterval(properties),
						context.threads().cursorPace(), properties.getMaxRecoveryPause(), this.reporter.health())
				: null;
		this.delivery = newDelivery();
	}

	private static Duration cursorInterval(ContainerProperties properties) {
		return (properties.getAckMode() == AckMode.TIME) ? properties.getAckInterval() : properties.getCursorInterval();
	}

	private PartitionDelivery newDelivery() {
		PartitionDelivery next = new PartitionDelivery(this.session.deliveries(), this.cursor, this.reporter.health());
		next.setFlow(this.flow);
		return next;
	}

	String stream() {
		return this.stream;
	}

	int partition() {
		return this.partition;
	}

	PartitionReporter reporter() {
		return this.reporter;
	}

	PartitionHealth health() {
		return this.reporter.health();
	}

	@Nullable CursorWriter cursor() {
		return this.cursor;
	}

	PartitionDelivery delivery() {
		return this.delivery;
	}

	/** Begins another delivery in place of one that has ended. */
	void renewDelivery() {
		this.lock.lock();
		try {
			PartitionDelivery next = newDelivery();
			if (this.stopped) {
				next.stop();
			}
			this.delivery = next;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Completes when nothing runs any more and the position is stored. */
	CompletableFuture<Void> stop() {
		CompletableFuture<Void> idle;
		this.lock.lock();
		try {
			this.stopped = true;
			idle = this.delivery.stop();
		}
		finally {
			this.lock.unlock();
		}
		CursorWriter writer = this.cursor;
		return idle.thenCompose((nothing) -> {
			health().link(PartitionState.STOPPED, null);
			return (writer != null) ? writer.flush() : CompletableFuture.completedFuture(null);
		});
	}

	/** Ends what did not end by itself. */
	void abandon() {
		PartitionDelivery current = this.delivery;
		if (current.interrupt()) {
			logger.warn("{}: the listener did not return in time and was interrupted; its message after offset {} is"
					+ " delivered again after the next start", this, current.processed());
		}
		if (this.cursor != null && this.cursor.close()) {
			logger.warn("{}: position {} could not be stored, {} is; what is between is delivered again: {}", this,
					this.cursor.wanted(), this.cursor.stored(),
					(this.cursor.error() != null) ? this.cursor.error() : "no answer in time");
		}
		health().link(PartitionState.STOPPED, null);
	}

	/** Asks the leader for the newest offset, without waiting for it. */
	void look(PartitionReader reader) {
		if (health().link() != PartitionState.LIVE) {
			this.pace.reset();
			return;
		}
		if (this.unknown || this.session.isHeld(reader) || this.session.pool().isBusy()) {
			// What is there need not have been handed out.
			this.pace.reset();
		}
		PartitionDelivery current = this.delivery;
		if (this.pace.isDue(current.processed(), current.newest()) && this.looking.compareAndSet(false, true)) {
			this.context.client()
				.streams()
				.describePartitionAsync(this.stream, this.partition)
				.whenComplete((info, failure) -> {
					this.looking.set(false);
					this.unknown = failure != null;
					if (failure == null) {
						this.delivery.seen(info.newestOffset());
					}
					else {
						logger.debug("{}: the newest offset is not known at the moment", this, failure);
					}
				});
		}
	}

	PartitionStatus status() {
		PartitionHealth.View view = health().view();
		String error = view.error();
		if (error == null && this.cursor != null) {
			error = this.cursor.error();
		}
		boolean paused = view.state() == PartitionState.LIVE && this.session.isPaused(this.stream, this.partition);
		PartitionDelivery current = this.delivery;
		if (error == null) {
			error = current.heldBack();
		}
		return new PartitionStatus(this.stream, this.partition, current.processed(), current.newest(),
				(this.cursor != null) ? this.cursor.stored() : PartitionStatus.UNKNOWN,
				paused ? PartitionState.PAUSED : view.state(), error, view.since());
	}

	@Override
	public String toString() {
		return this.reporter.toString();
	}

}
