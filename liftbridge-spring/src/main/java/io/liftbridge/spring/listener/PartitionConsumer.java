package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionListener;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one partition subscribed, from a start of the container to its stop.
 */
final class PartitionConsumer implements PartitionReader, SubscriptionListener, StartFinder.Resets {

	private static final Logger logger = LoggerFactory.getLogger(PartitionConsumer.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final PartitionWork work;

	private final StartFinder starts;

	private final StreamGuard guard;

	private final RecoveryPause pauses;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Subscription subscription;

	/** Whether the subscription is paused. */
	private boolean held;

	private boolean stopped;

	private volatile boolean asked;

	/** Where to read on instead, and who waits for that. */
	private @Nullable SeekRequest sought;

	private volatile boolean reopening;

	/** When it is opened again. */
	private @Nullable ScheduledFuture<?> scheduled;

	PartitionConsumer(ContainerContext context, ContainerSession session, String stream, int partition,
			@Nullable String cursorId) {
		this.context = context;
		this.session = session;
		ContainerProperties properties = context.properties();
		this.pauses = new RecoveryPause(properties.getMaxRecoveryPause());
		CursorStore store = context.client().cursors(properties.getCursorConvention());
		this.work = new PartitionWork(context, session, stream, partition, cursorId,
				(position) -> store.setAsync((cursorId != null) ? cursorId : "", stream, partition, position),
				this::applyPause);
		this.starts = new StartFinder(context.client(), properties, stream, partition, this.work::delivery,
				this.work.cursor(), cursorId, this);
		this.guard = new StreamGuard(this.starts, stream, partition);
	}

	/** Its stream was created anew, with this partition in addition. */
	PartitionConsumer beginAnew() {
		this.starts.beginAnew();
		return this;
	}

	/** Whether somebody else than cursor and options says where to begin. */
	private void askWhereToBegin() {
		SeekAware aware = this.context.properties().getSeekAware();
		if (aware == null || this.asked) {
			return;
		}
		SeekTo place = aware.onAssigned(this.session.container(), stream(), partition(), this.starts.stored());
		this.asked = true;
		if (place == null) {
			return;
		}
		this.lock.lock();
		try {
			if (this.sought == null) {
				this.sought = new SeekRequest(place);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Subscribes, in the background, once what came late is delivered. */
	void open() {
		this.work.delivery().settle().thenRun(() -> onControl(this::begin));
	}

	private void begin() {
		if (isStopped()) {
			return;
		}
		try {
			askWhereToBegin();
			SeekRequest target = sought();
			StartPosition start;
			if (target != null) {
				long processed = this.starts.processed();
				this.work.renewDelivery();
				start = this.starts.seek(target.resolve(processed));
			}
			else {
				start = this.starts.find();
			}
			subscribe(start, target);
		}
		catch (InvalidRequestException | Error ex) {
			this.session.fail(ex);
		}
		catch (RuntimeException ex) {
			retry(PartitionState.WAITING, ex);
		}
	}

	private void subscribe(StartPosition start, @Nullable SeekRequest reached) {
		ContainerProperties properties = this.context.properties();
		this.lock.lock();
		try {
			// A consumer that was made during a stop is not among those that are stopped.
			if (this.stopped || this.session.isStopping()) {
				return;
			}
			logger.debug("{} begins at {}", this, start);
			this.guard.known();
			this.subscription = this.context.client()
				.subscribe(stream())
				.partition(partition())
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
				.batchHandler(this.session.batchSize(), new Receiver())
				.listener(this)
				.start();
			this.held = false;
			applyPauseToSubscription();
			if (this.sought == reached) {
				this.sought = null;
			}
			else {
				// It was told to go elsewhere meanwhile.
				this.reopening = true;
				this.subscription.close(Duration.ZERO);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (reached != null) {
			reached.done().complete(null);
		}
	}

	private @Nullable SeekRequest sought() {
		this.lock.lock();
		try {
			return this.sought;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo place) {
		SeekRequest target = new SeekRequest(place);
		PartitionDelivery present;
		ScheduledFuture<?> waiting;
		this.lock.lock();
		try {
			if (this.stopped) {
				return CompletableFuture
					.failedFuture(new IllegalStateException(this + " is stopped and reads nothing on."));
			}
			target.replaces(this.sought);
			// Not one that follows it.
			present = this.work.delivery();
			this.sought = target;
			Subscription current = this.subscription;
			if (current != null && !current.ended().isDone()) {
				this.reopening = true;
				current.close(Duration.ZERO);
			}
			waiting = this.scheduled;
		}
		finally {
			this.lock.unlock();
		}
		present.stop();
		if (waiting != null && waiting.cancel(false)) {
			// For instance until it is writable again.
			later(Duration.ZERO);
		}
		return target.done();
	}

	@Override
	public void restart() {
		throw new IllegalStateException(this + " is no member of a group: stop and start the container instead.");
	}

	/** After an interruption nothing is delivered before it is known what it is of. */
	private void checkStream() {
		if (!this.guard.isSame()) {
			throw this.guard.anotherStream();
		}
	}

	/** A new stream may have nothing to deliver at the old position. */
	private void check(Subscription subscription) {
		if (!this.guard.isDue() || this.session.isStopping() || subscription.ended().isDone()) {
			return;
		}
		try {
			if (this.guard.isSame()) {
				return;
			}
			this.work.reporter().down(PartitionState.INTERRUPTED, this.guard.anotherStream().toString());
			this.reopening = true;
			subscription.close(Duration.ZERO);
		}
		catch (RuntimeException ex) {
			logger.debug("{}: it is not known yet whether the stream is the same", this, ex);
			schedule(() -> onControl(() -> check(subscription)), this.pauses.next());
		}
	}

	@Override
	public void reset(String reason) {
		this.work.reporter().reset(reason);
	}

	@Override
	public void recreated(String reason) {
		reset(reason);
		this.session.recreated(stream());
	}

	@Override
	public void onLive(Subscription subscription, String broker) {
		this.pauses.reset();
		this.work.reporter().live();
		this.session.live(this);
		if (this.guard.isDue()) {
			onControl(() -> check(subscription));
		}
	}

	@Override
	public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
		this.guard.interrupted();
		this.work.reporter().interrupted(reason.toString());
	}

	@Override
	public void onFailure(Subscription subscription, Throwable failure) {
		retry(PartitionState.INTERRUPTED, failure);
	}

	@Override
	public void onEnd(Subscription subscription, EndReason reason) {
		if (reason == EndReason.END_OF_PARTITION && this.work.reporter().ended()) {
			this.session.live(this);
		}
		boolean again = this.reopening;
		this.reopening = false;
		if (again) {
			later(Duration.ZERO);
		}
		else if (reason != EndReason.CLOSED) {
			// It may become writable again.
			later(this.context.properties().getMaxRecoveryPause());
		}
	}

	private void retry(PartitionState state, Throwable failure) {
		if (!isStopped()) {
			this.reopening = false;
			this.work.reporter().down(state, failure.toString());
			this.session.startupFailed(failure);
			later(this.pauses.next());
		}
	}

	private boolean isStopped() {
		this.lock.lock();
		try {
			return this.stopped || this.session.isStopping();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void later(Duration pause) {
		this.lock.lock();
		try {
			this.scheduled = schedule(this::open, pause);
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable ScheduledFuture<?> schedule(Runnable action, Duration pause) {
		if (!isStopped()) {
			try {
				return this.context.threads().timer().schedule(action, pause.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("{} is not opened again: the application ends", this);
			}
		}
		return null;
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
		SeekRequest waiting;
		this.lock.lock();
		try {
			this.stopped = true;
			waiting = this.sought;
			if (this.subscription != null) {
				this.subscription.close(Duration.ZERO);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (waiting != null) {
			waiting.done().completeExceptionally(new IllegalStateException(this + " was stopped before it went on."));
		}
		return this.work.stop();
	}

	/** Ends what did not end by itself. */
	void abandon() {
		this.work.abandon();
	}

	@Override
	public void applyPause() {
		applyPauseToSubscription();
		this.work.delivery().resumed();
	}

	private void applyPauseToSubscription() {
		this.lock.lock();
		try {
			Subscription current = this.subscription;
			boolean hold = this.session.isHeld(this);
			if (current == null || hold == this.held) {
				// Whoever goes on needs a thread for a moment.
				return;
			}
			this.held = hold;
			if (hold) {
				current.pause();
			}
			else {
				current.resume();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public PartitionWork work() {
		return this.work;
	}

	@Override
	public String toString() {
		return this.work.toString();
	}

	private final class Receiver implements BatchHandler {

		@Override
		public void onMessages(List<ReceivedMessage<byte[]>> messages) {
			checkStream();
			PartitionConsumer.this.session.received();
			int count = messages.size();
			PartitionConsumer.this.work.delivery().onMessages(messages);
			PartitionConsumer.this.session.delivered(PartitionConsumer.this, count);
		}

		@Override
		public boolean onMalformed(MalformedEntryException malformed) {
			checkStream();
			PartitionConsumer.this.session.received();
			return PartitionConsumer.this.work.delivery().onMalformed(malformed);
		}

	}

}
