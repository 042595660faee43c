package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionListener;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.event.ListenerPartitionInterruptedEvent;
import io.liftbridge.spring.event.ListenerPartitionRecoveredEvent;
import io.liftbridge.spring.event.ListenerPartitionResetEvent;
import io.liftbridge.spring.listener.delivery.CursorWriter;
import io.liftbridge.spring.listener.delivery.DeliveryContext;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one partition subscribed, from a start of the container to its stop.
 */
final class PartitionConsumer implements SubscriptionListener, StartFinder.Resets {

	private static final Logger logger = LoggerFactory.getLogger(PartitionConsumer.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final String stream;

	private final int partition;

	private final PartitionHealth health;

	private final @Nullable CursorWriter cursor;

	private final PartitionDelivery delivery;

	private final StartFinder starts;

	private final RecoveryPause pauses;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Subscription subscription;

	private boolean stopped;

	/** Counts the interruptions, after each of which the stream may be another one. */
	private final AtomicInteger interruptions = new AtomicInteger();

	private volatile int checked;

	private volatile boolean reopening;

	private final AtomicBoolean looking = new AtomicBoolean();

	PartitionConsumer(ContainerContext context, ContainerSession session, DeliveryContext deliveries, String stream,
			int partition, @Nullable String cursorId) {
		this.context = context;
		this.session = session;
		this.stream = stream;
		this.partition = partition;
		this.health = new PartitionHealth(session.outages(), stream, partition);
		ContainerProperties properties = context.properties();
		this.pauses = new RecoveryPause(properties.getMaxRecoveryPause());
		this.cursor = (cursorId != null) ? new CursorWriter(context.client().cursors(properties.getCursorConvention()),
				cursorId, stream, partition, context.threads().timer(), properties.getCursorInterval(),
				properties.getMaxRecoveryPause(), this.health) : null;
		this.delivery = new PartitionDelivery(deliveries, this.cursor, this.health);
		this.starts = new StartFinder(context.client(), properties, stream, partition, this.delivery, this.cursor,
				cursorId, this);
	}

	/** Its stream was created anew, with this partition in addition. */
	PartitionConsumer beginAnew() {
		this.starts.beginAnew();
		return this;
	}

	/** Subscribes, in the background. */
	void open() {
		onControl(() -> {
			if (this.session.isStopping()) {
				return;
			}
			try {
				subscribe(this.starts.find());
			}
			catch (InvalidRequestException | Error ex) {
				this.session.fail(ex);
			}
			catch (RuntimeException ex) {
				retry(PartitionState.WAITING, ex);
			}
		});
	}

	private void subscribe(StartPosition start) {
		ContainerProperties properties = this.context.properties();
		this.lock.lock();
		try {
			// A consumer that was made during a stop is not among those that are stopped.
			if (!this.stopped && !this.session.isStopping()) {
				logger.debug("{} begins at {}", this, start);
				this.checked = this.interruptions.get();
				this.subscription = this.context.client()
					.subscribe(this.stream)
					.partition(this.partition)
					.from(start)
					.resumePaused(properties.isResumePaused())
					.prefetch(properties.getPrefetch())
					.prefetchBytes(properties.getPrefetchBytes())
					.encodingHeader(properties.getEncodingHeader())
					.maxUncompressedBytes(properties.getMaxUncompressedBytes())
					.maxLargeMessageBytes(properties.getMaxLargeMessageBytes())
					.largeMessageTimeout(properties.getLargeMessageTimeout())
					.unknownEncoding(properties.getUnknownEncoding())
					.executor(this.session.pool())
					.batchHandler(properties.getBatchSize(), new Receiver())
					.listener(this)
					.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** After an interruption nothing is delivered before it is known what it is of. */
	private void checkStream() {
		int count = this.interruptions.get();
		if (this.checked != count) {
			if (!this.starts.isSame()) {
				throw recreated();
			}
			this.checked = count;
		}
	}

	/** A new stream may have nothing to deliver at the old position. */
	private void check(Subscription subscription) {
		int count = this.interruptions.get();
		if (this.checked == count || this.session.isStopping() || subscription.ended().isDone()) {
			return;
		}
		try {
			if (this.starts.isSame()) {
				this.checked = count;
				return;
			}
			down(PartitionState.INTERRUPTED, recreated().toString());
			this.reopening = true;
			subscription.close(Duration.ZERO);
		}
		catch (RuntimeException ex) {
			logger.debug("{}: it is not known yet whether the stream is the same", this, ex);
			schedule(() -> onControl(() -> check(subscription)), this.pauses.next());
		}
	}

	private LiftbridgeException recreated() {
		return new LiftbridgeException(
				"stream '" + this.stream + "' was created anew while the connection was lost; partition "
						+ this.partition + " is not read on, but from its beginning.");
	}

	@Override
	public void reset(String reason) {
		logger.warn("{}: {}", this, reason);
		this.context.publish(new ListenerPartitionResetEvent(this.session.source(), this.context.id(), this.stream,
				this.partition, reason));
	}

	@Override
	public void recreated(String reason) {
		reset(reason);
		this.session.recreated(this.stream);
	}

	@Override
	public void onLive(Subscription subscription, String broker) {
		this.pauses.reset();
		PartitionState before = this.health.link();
		if (this.health.link(PartitionState.LIVE, null) && before.isDown()) {
			this.session.outages().note(OutageLog.Kind.LIVE, this.stream, this.partition, null);
			this.context.publish(new ListenerPartitionRecoveredEvent(this.session.source(), this.context.id(),
					this.stream, this.partition));
		}
		this.session.live(this);
		if (this.checked != this.interruptions.get()) {
			onControl(() -> check(subscription));
		}
	}

	@Override
	public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
		this.interruptions.incrementAndGet();
		PartitionState state = (this.health.link() == PartitionState.STARTING
				|| this.health.link() == PartitionState.WAITING) ? PartitionState.WAITING : PartitionState.INTERRUPTED;
		down(state, reason.toString());
	}

	@Override
	public void onFailure(Subscription subscription, Throwable failure) {
		retry(PartitionState.INTERRUPTED, failure);
	}

	@Override
	public void onEnd(Subscription subscription, EndReason reason) {
		if (reason == EndReason.END_OF_PARTITION && this.health.link(PartitionState.ENDED, null)) {
			logger.info("{} is read-only and read to its end", this);
			this.session.live(this);
		}
		if (reason != EndReason.CLOSED) {
			// It may become writable again.
			later(this.context.properties().getMaxRecoveryPause());
		}
		else if (this.reopening) {
			this.reopening = false;
			later(Duration.ZERO);
		}
	}

	private void down(PartitionState state, String reason) {
		if (!this.session.isStopping() && this.health.link(state, reason)) {
			this.session.outages().note(OutageLog.Kind.INTERRUPTED, this.stream, this.partition, reason);
			this.context.publish(new ListenerPartitionInterruptedEvent(this.session.source(), this.context.id(),
					this.stream, this.partition, reason));
		}
	}

	private void retry(PartitionState state, Throwable failure) {
		if (!this.session.isStopping()) {
			down(state, failure.toString());
			later(this.pauses.next());
		}
	}

	private void later(Duration pause) {
		schedule(this::open, pause);
	}

	private void schedule(Runnable action, Duration pause) {
		if (!this.session.isStopping()) {
			try {
				this.context.threads().timer().schedule(action, pause.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("{} is not opened again: the application ends", this);
			}
		}
	}

	private void onControl(Runnable action) {
		try {
			this.context.threads().control().execute(action);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} does nothing more: the application ends", this);
		}
	}

	/** Completes when nothing runs any more and the position is stored. */
	CompletableFuture<Void> stop() {
		this.lock.lock();
		try {
			this.stopped = true;
			if (this.subscription != null) {
				this.subscription.close(Duration.ZERO);
			}
		}
		finally {
			this.lock.unlock();
		}
		CursorWriter writer = this.cursor;
		return this.delivery.stop().thenCompose((nothing) -> {
			this.health.link(PartitionState.STOPPED, null);
			return (writer != null) ? writer.flush() : CompletableFuture.completedFuture(null);
		});
	}

	/** Ends what did not end by itself. */
	void abandon() {
		if (this.delivery.interrupt()) {
			logger.warn("{}: the listener did not return in time and was interrupted; its message after offset {} is"
					+ " delivered again after the next start", this, this.delivery.processed());
		}
		if (this.cursor != null && this.cursor.close()) {
			logger.warn("{}: position {} could not be stored, {} is; what is between is delivered again: {}", this,
					this.cursor.wanted(), this.cursor.stored(), this.cursor.error());
		}
		this.health.link(PartitionState.STOPPED, null);
	}

	/** Asks the leader for the newest offset, without waiting for it. */
	void look() {
		if (this.health.link() == PartitionState.LIVE && this.looking.compareAndSet(false, true)) {
			this.context.client()
				.streams()
				.describePartitionAsync(this.stream, this.partition)
				.whenComplete((info, failure) -> {
					this.looking.set(false);
					if (failure == null) {
						this.delivery.seen(info.newestOffset());
					}
					else {
						logger.debug("{}: the newest offset is not known at the moment", this, failure);
					}
				});
		}
	}

	boolean isRunByCurrentThread() {
		return this.delivery.isRunByCurrentThread();
	}

	PartitionStatus status() {
		PartitionHealth.View view = this.health.view();
		String error = view.error();
		if (error == null && this.cursor != null) {
			error = this.cursor.error();
		}
		return new PartitionStatus(this.stream, this.partition, this.delivery.processed(), this.delivery.newest(),
				(this.cursor != null) ? this.cursor.stored() : PartitionStatus.UNKNOWN, view.state(), error,
				view.since());
	}

	@Override
	public String toString() {
		return "Listener '" + this.context.id() + "' on " + this.stream + "/" + this.partition;
	}

	private final class Receiver implements BatchHandler {

		@Override
		public void onMessages(List<ReceivedMessage<byte[]>> messages) {
			checkStream();
			PartitionConsumer.this.delivery.onMessages(messages);
		}

		@Override
		public boolean onMalformed(MalformedEntryException malformed) {
			checkStream();
			return PartitionConsumer.this.delivery.onMalformed(malformed);
		}

	}

}
