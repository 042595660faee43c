package io.liftbridge.client.consumer;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.ByteString;
import io.liftbridge.client.cluster.WireBytes;
import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;

/**
 * The way from the buffer to the handler: one run at a time on the executor, which is
 * asked for a thread once per burst.
 */
final class Delivery {

	/** What a run takes from a shared executor before others get their turn. */
	private static final int MESSAGES_PER_RUN = 1000;

	private static final long NANOS_PER_RUN = TimeUnit.MILLISECONDS.toNanos(10);

	/** How many single messages are handled between two looks at the clock. */
	private static final int SINGLE_MESSAGES = 100;

	private final SubscriptionOptions options;

	private final Executor executor;

	private final Callbacks callbacks;

	private final Queue<Object> queue = new ConcurrentLinkedQueue<>();

	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

	private volatile boolean paused;

	private volatile EndReason stopReason = EndReason.CLOSED;

	private volatile boolean stopped;

	private volatile @Nullable Throwable failure;

	private volatile long lastDelivered = -1;

	private volatile long lastProcessed = -1;

	/** The last message that the handler knows it has seen the end of. */
	private long told = -1;

	private volatile @Nullable Thread runner;

	private final Intake intake;

	/** How many of the broker's messages are taken but not yet handled. */
	private int owed;

	/** What a pause left of a batch. */
	private List<ReceivedMessage<byte[]>> held = List.of();

	Delivery(SubscriptionOptions options, EntryDecoder decoder, Executor executor, Callbacks callbacks) {
		this.options = options;
		this.executor = executor;
		this.callbacks = callbacks;
		int batchSize = (options.handler() instanceof SubscriptionBuilder.EachMessage)
				? Math.min(options.batchSize(), SINGLE_MESSAGES) : options.batchSize();
		this.intake = new Intake(options, decoder, this.queue, batchSize);
	}

	void offer(List<Message> messages) {
		this.queue.add(messages);
		schedule();
	}

	/** Ends well, after what was offered before. */
	void end(EndReason reason) {
		this.queue.add(reason);
		schedule();
	}

	/** Ends badly, after what was offered before; at once while it is paused. */
	void fail(Throwable failure) {
		this.failure = failure;
		this.queue.add(failure);
		schedule();
	}

	/** Ends now: what is in the buffer is not delivered any more. */
	void stop(EndReason reason) {
		if (!this.stopped) {
			this.stopReason = reason;
		}
		this.stopped = true;
		// Needs no thread of the executor, which may be busy with others for long.
		if (this.state.compareAndSet(State.IDLE, State.ENDED) || this.state.compareAndSet(State.QUEUED, State.ENDED)) {
			ended(this.stopReason, null);
		}
	}

	void pause() {
		this.paused = true;
	}

	void resume() {
		this.paused = false;
		schedule();
	}

	/** Notices that the executor was ended and has forgotten the run that it took. */
	void check() {
		if (this.state.get() == State.QUEUED && this.executor instanceof ExecutorService service
				&& service.isTerminated() && this.state.compareAndSet(State.QUEUED, State.ENDED)) {
			ended(null, new RejectedExecutionException(
					"The executor of the subscription was shut down before it delivered what had arrived."));
		}
	}

	long lastDelivered() {
		return this.lastDelivered;
	}

	long lastProcessed() {
		return this.lastProcessed;
	}

	boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	boolean isEnded() {
		return this.state.get() == State.ENDED;
	}

	private void schedule() {
		if (!this.state.compareAndSet(State.IDLE, State.QUEUED)) {
			check();
			return;
		}
		try {
			this.executor.execute(this::run);
		}
		catch (Throwable ex) {
			// The executor refuses: nothing can be delivered any more.
			if (this.state.compareAndSet(State.QUEUED, State.ENDED)) {
				ended(null, ex);
			}
		}
	}

	private void run() {
		if (!this.state.compareAndSet(State.QUEUED, State.RUNNING)) {
			return;
		}
		this.runner = Thread.currentThread();
		try {
			takeTurn();
		}
		catch (Throwable ex) {
			complete(null, ex);
		}
		finally {
			this.runner = null;
			this.state.compareAndSet(State.RUNNING, State.IDLE);
		}
		if (this.stopped) {
			// What is stopped needs no thread any more: nobody may give it one.
			stop(EndReason.CLOSED);
		}
		else if (hasWork()) {
			schedule();
		}
	}

	private void takeTurn() throws Exception {
		// On the client's threads nobody waits for this one.
		boolean shared = this.options.executor() != null;
		long begin = System.nanoTime();
		int messages = 0;
		for (int count = step(); count >= 0; count = step()) {
			messages += count;
			if (shared && (messages >= MESSAGES_PER_RUN || System.nanoTime() - begin >= NANOS_PER_RUN)) {
				return;
			}
		}
	}

	private boolean hasWork() {
		if (isEnded()) {
			return false;
		}
		return (this.paused ? pausedEnd() != null : hasMessages() || !this.queue.isEmpty());
	}

	private boolean hasMessages() {
		return this.intake.hasMessages() || !this.held.isEmpty();
	}

	/**
	 * What ends it although it is paused: a failure, or an end with nothing before it.
	 */
	private @Nullable Object pausedEnd() {
		if (this.failure != null) {
			return this.failure;
		}
		Object next = hasMessages() ? null : this.queue.peek();
		boolean ends = next instanceof EndReason end && !(isComplete(end) && this.intake.hasUnfinished());
		return ends ? next : null;
	}

	/** Whether everything was read that there is to read. */
	private static boolean isComplete(EndReason end) {
		return end != EndReason.CLOSED && end != EndReason.DISPLACED;
	}

	/**
	 * One call of the handler, or a few with single messages. Returns how many messages
	 * it took, less than none if there is nothing to do.
	 */
	private int step() throws Exception {
		if (isEnded()) {
			return -1;
		}
		if (this.stopped) {
			complete(this.stopReason, null);
			return -1;
		}
		if (this.paused) {
			complete(pausedEnd());
			return -1;
		}
		List<ReceivedMessage<byte[]>> batch = next();
		int unwanted = this.intake.unwanted();
		if (unwanted > 0) {
			this.callbacks.consumed(unwanted);
		}
		if (batch.isEmpty()) {
			return stepAside();
		}
		int size = batch.size();
		if (!handle(batch)) {
			return 0;
		}
		passFiltered();
		consumed(this.owed);
		return size + this.intake.filtered();
	}

	/** Nothing is left for the handler of what was taken, or nothing was there. */
	private int stepAside() throws Exception {
		MalformedEntryException malformed = this.intake.malformed();
		if (malformed != null) {
			tell(malformed);
			this.intake.passMalformed();
			passFiltered();
			int consumed = this.intake.unwanted();
			if (consumed > 0) {
				this.callbacks.consumed(consumed);
			}
			return 1;
		}
		if (this.intake.filtered() > 0) {
			passFiltered();
			return this.intake.filtered();
		}
		Object terminal = this.queue.peek();
		if (terminal instanceof List) {
			// Arrived in this moment.
			return 0;
		}
		if (terminal instanceof EndReason end && isComplete(end)) {
			tellUnfinished(end);
		}
		complete(terminal);
		return -1;
	}

	private void tellUnfinished(EndReason end) throws Exception {
		for (MalformedEntryException unfinished : this.intake.unfinished()) {
			tell(unfinished);
		}
		if (end == EndReason.END_OF_PARTITION) {
			// Nobody can store the rest of it.
			this.intake.giveUp();
			passFiltered();
		}
	}

	private void tell(MalformedEntryException malformed) throws Exception {
		if (!this.options.handler().onMalformed(malformed)) {
			this.callbacks.malformed(malformed);
		}
	}

	/** Returns {@code false} if it was stopped, or paused before the end. */
	private boolean handle(List<ReceivedMessage<byte[]>> batch) throws Exception {
		int size = batch.size();
		if (!(this.options.handler() instanceof SubscriptionBuilder.EachMessage each)) {
			this.lastDelivered = batch.get(size - 1).offset();
			// Before the handler has the list, which is its own.
			long end = lastEnd(batch);
			this.options.handler().onMessages(batch);
			this.told = end;
			return true;
		}
		int ends = 0;
		for (int i = 0; i < size; i++) {
			if (this.stopped) {
				return false;
			}
			if (this.paused) {
				this.held = batch.subList(i, size);
				consumed(ends);
				return false;
			}
			ReceivedMessage<byte[]> message = batch.get(i);
			this.lastDelivered = message.offset();
			each.handler().onMessage(message);
			if (isEnd(message)) {
				this.lastProcessed = reached(message);
				this.told = this.lastProcessed;
				ends++;
			}
		}
		return true;
	}

	/** Whether all of what the broker has sent with it is before it. */
	private boolean isEnd(ReceivedMessage<byte[]> message) {
		return message.index() == (this.options.reverse() ? 0 : message.recordCount() - 1);
	}

	/** The last message of which no more can come behind a batch, unless filtered out. */
	private long lastEnd(List<ReceivedMessage<byte[]>> batch) {
		long last = batch.get(batch.size() - 1).offset();
		for (int i = batch.size() - 1; i >= 0; i--) {
			ReceivedMessage<byte[]> message = batch.get(i);
			if (isEnd(message) || message.offset() != last) {
				return reached(message);
			}
		}
		return this.told;
	}

	/** Up to where all is processed when a message is. */
	private long reached(ReceivedMessage<byte[]> message) {
		return (message.resumeOffset() == message.offset() || this.options.reverse()) ? message.offset()
				: message.processedOffset();
	}

	private void consumed(int messages) {
		if (messages > 0) {
			this.owed -= messages;
			this.callbacks.consumed(messages);
		}
	}

	/** Goes beyond what was filtered out behind the last message that was handled. */
	private void passFiltered() throws Exception {
		long taken = this.intake.taken();
		if (taken != this.told) {
			this.options.handler().onFilteredOut(taken);
			this.told = taken;
		}
		this.lastProcessed = taken;
	}

	/** What a pause has left of a batch, or else the next one. */
	private List<ReceivedMessage<byte[]>> next() {
		if (!this.held.isEmpty()) {
			List<ReceivedMessage<byte[]>> rest = this.held;
			this.held = List.of();
			return rest;
		}
		List<ReceivedMessage<byte[]>> batch = this.intake.next();
		this.owed += this.intake.wanted();
		return batch;
	}

	static ReceivedMessage<byte[]> convert(Message message) {
		ByteString key = message.getKey();
		return ReceivedMessage.of(message.getStream(), message.getPartition(), message.getOffset(),
				message.getTimestamp(), key.isEmpty() ? null : WireBytes.array(key),
				WireBytes.array(message.getValue()), WireBytes.headers(message.getHeadersMap()), message.getSubject(),
				message.getReplySubject());
	}

	private void complete(@Nullable Object terminal) {
		if (terminal instanceof EndReason reason) {
			complete(reason, null);
		}
		else if (terminal instanceof Throwable reason) {
			complete(null, reason);
		}
	}

	/** Belongs to a run. */
	private void complete(@Nullable EndReason reason, @Nullable Throwable failure) {
		if (this.state.compareAndSet(State.RUNNING, State.ENDED)) {
			ended(reason, failure);
		}
	}

	private void ended(@Nullable EndReason reason, @Nullable Throwable failure) {
		this.queue.clear();
		this.callbacks.finished(reason, failure);
	}

	private enum State {

		/** Nothing to do. */
		IDLE,
		/** The executor was asked for a thread. */
		QUEUED,
		/** The executor has given one. */
		RUNNING,
		/** Nothing is delivered any more. */
		ENDED

	}

	/** What the subscription learns. */
	interface Callbacks {

		void consumed(int messages);

		void malformed(MalformedEntryException malformed);

		void finished(@Nullable EndReason reason, @Nullable Throwable failure);

	}

}
