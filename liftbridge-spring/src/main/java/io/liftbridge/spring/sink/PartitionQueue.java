package io.liftbridge.spring.sink;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits of one partition, and the writing of it, by one worker at a time. A worker
 * is taken for one batch, and given back in pauses.
 */
final class PartitionQueue {

	private static final Logger logger = LoggerFactory.getLogger(PartitionQueue.class);

	/** How often in a row members of a group may get in each other's way. */
	private static final int MOST_FENCES = 10;

	private static final long FENCES_NANOS = Duration.ofMinutes(1).toNanos();

	private final SinkSession session;

	private final String stream;

	private final int partition;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Buffered> waiting = new ArrayDeque<>();

	private final RecoveryPause pauses;

	private final RecoveryPause restarts;

	private final SinkBuffer.Share share = new SinkBuffer.Share();

	/** Whether a worker has it, or will have it without further ado. */
	private boolean busy;

	private boolean timed;

	/** Whether the worker is to forget what it has. */
	private boolean discarding;

	/** Whether the partition is somebody else's. */
	private boolean givenUp;

	/** Belongs to the worker. */
	private @Nullable Pieces pieces;

	/** In a row; belongs to the worker. */
	private int fences;

	private long fencedNanos;

	/** Why it is not written at the moment. */
	private volatile @Nullable Trouble trouble;

	PartitionQueue(SinkSession session, String stream, int partition) {
		this.session = session;
		this.stream = stream;
		this.partition = partition;
		this.pauses = new RecoveryPause(session.properties().getMaxRecoveryPause());
		this.restarts = new RecoveryPause(session.properties().getMaxRecoveryPause());
	}

	SinkBuffer.Share share() {
		return this.share;
	}

	void add(List<ReceivedMessage<byte[]>> messages, Acknowledgment acknowledgment) {
		long now = System.nanoTime();
		this.lock.lock();
		try {
			for (int i = 0; i < messages.size(); i++) {
				ReceivedMessage<byte[]> message = messages.get(i);
				this.waiting.add(new Buffered(message, Buffered.bytes(message), now,
						(i == messages.size() - 1) ? acknowledgment : null));
			}
			if (this.givenUp) {
				forget();
			}
			poke();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forgets what is not written: it will be brought again.
	 * @return {@code false} if a worker has some of it yet, which it will forget
	 */
	boolean open() {
		this.lock.lock();
		try {
			forget();
			if (!this.busy && this.givenUp) {
				this.givenUp = false;
				this.session.refuse(this.share, false);
			}
			return !this.busy;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Forgets what is not written, and takes nothing before it is opened again. */
	void giveUp() {
		this.lock.lock();
		try {
			this.givenUp = true;
			this.session.refuse(this.share, true);
			forget();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forget() {
		this.session.discarded(this.share, this.waiting);
		this.waiting.clear();
		this.discarding = this.busy;
		this.trouble = null;
	}

	/** Something may be due now. */
	void look() {
		this.lock.lock();
		try {
			poke();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable Trouble trouble() {
		return this.trouble;
	}

	private void poke() {
		Buffered first = this.waiting.peek();
		if (this.busy || first == null) {
			return;
		}
		SinkProperties properties = this.session.properties();
		long pause = (this.session.isDraining() || this.waiting.size() >= properties.getBatchSize()) ? 0
				: first.arrivedNanos() + properties.getWaitTime().toNanos() - System.nanoTime();
		if (pause <= 0) {
			this.busy = true;
			this.session.work(this::run);
		}
		else if (!this.timed) {
			this.timed = true;
			this.session.later(this::due, Duration.ofNanos(pause));
		}
	}

	private void due() {
		this.lock.lock();
		try {
			this.timed = false;
			poke();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One batch, or what is left of it. */
	private void run() {
		Pieces current = this.pieces;
		if (current == null) {
			current = new Pieces(take());
			this.pieces = current;
		}
		while (current.first() != null) {
			if (this.session.isStopped()) {
				return;
			}
			if (isDiscarding()) {
				break;
			}
			if (!step(current)) {
				return;
			}
		}
		this.pieces = null;
		this.lock.lock();
		try {
			this.session.discarded(this.share, current.left());
			this.discarding = false;
			this.busy = false;
			poke();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isDiscarding() {
		this.lock.lock();
		try {
			return this.discarding;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends where offsets begin anew: what follows is of another stream. */
	private List<Buffered> take() {
		List<Buffered> batch = new ArrayList<>();
		this.lock.lock();
		try {
			long before = -1;
			Buffered next = this.waiting.peek();
			while (next != null && batch.size() < this.session.properties().getBatchSize()
					&& next.message().offset() >= before) {
				before = next.message().offset();
				batch.add(this.waiting.remove());
				next = this.waiting.peek();
			}
		}
		finally {
			this.lock.unlock();
		}
		return batch;
	}

	/** Returns whether to go on at once. */
	private boolean step(Pieces current) {
		Pieces.Piece piece = current.first();
		if (piece == null) {
			return true;
		}
		try {
			Throwable poison = piece.poison();
			if (poison != null && !piece.isDeadLettered()) {
				this.session.deadLetter(piece.last().message(), poison);
				piece.deadLettered();
			}
			this.session.write(piece.batch());
		}
		catch (SinkFencedException ex) {
			return fenced(ex);
		}
		catch (PoisonMessageException ex) {
			if (piece.poison() == null && ex.getIndex() >= 0 && ex.getIndex() < piece.messages().size()) {
				current.isolate(ex.getIndex(), (ex.getCause() != null) ? ex.getCause() : ex);
				return true;
			}
			return again(ex);
		}
		catch (Throwable ex) {
			if (piece.poison() == null && this.session.isPoison(ex)) {
				logger.debug("{}: a batch of {} has a message that cannot be written", this, piece.messages().size(),
						ex);
				current.halve(ex);
				return true;
			}
			return again(ex);
		}
		current.done();
		this.pauses.reset();
		if (this.trouble != null) {
			this.trouble = null;
			logger.info("{} writes again", this);
		}
		this.session.done(this.share, piece);
		return true;
	}

	/**
	 * Among members of a group somebody else may have the partition by now, or may have
	 * had it while this one hung.
	 * @return whether to go on at once
	 */
	private boolean fenced(SinkFencedException failure) {
		if (isDiscarding()) {
			return true;
		}
		long now = System.nanoTime();
		if (now - this.fencedNanos > FENCES_NANOS) {
			this.fences = 0;
			this.restarts.reset();
		}
		this.fencedNanos = now;
		this.fences++;
		if (!this.session.isMember() || this.fences > MOST_FENCES) {
			note(FailureText.of(failure));
			this.session.fail(failure);
			return false;
		}
		logger.info("{} begins again behind what another member of the group has written, if it is still its own: {}",
				this, failure.getMessage());
		giveUp();
		this.session.later(this::restart, this.restarts.next());
		return true;
	}

	private void restart() {
		boolean due;
		this.lock.lock();
		try {
			due = this.givenUp;
		}
		finally {
			this.lock.unlock();
		}
		if (due) {
			this.session.restart(this.stream, this.partition);
		}
	}

	private boolean again(Throwable failure) {
		if (!this.session.isStopped()) {
			this.session.failed(this.stream, failure);
			Duration pause = this.pauses.next();
			String text = FailureText.of(failure);
			Trouble before = this.trouble;
			if (before == null || !text.equals(before.text())) {
				logger.warn("{} cannot write and tries again, next in {} ms: {}", this, pause.toMillis(), text);
				logger.debug("The failure", failure);
				this.session.reminders().begin();
			}
			note(text);
			if (before != null && this.session.reminders().isDue()) {
				logger.warn("{} still cannot write, since {}, with {} message(s) of {} partition(s) in memory: {}",
						this, before.since(), this.session.buffered(), this.session.troubled(), text);
			}
			this.session.later(() -> this.session.work(this::run), pause);
		}
		return false;
	}

	private void note(String text) {
		Trouble before = this.trouble;
		Pieces current = this.pieces;
		Pieces.Piece piece = (current != null) ? current.first() : null;
		this.trouble = new Trouble(text, (before != null) ? before.since() : Instant.now(),
				(piece != null) ? piece.messages().get(0).message().offset() : -1);
	}

	@Override
	public String toString() {
		return "Sink '" + this.session.id() + "' on " + this.stream + "/" + this.partition;
	}

	/**
	 * Why a partition is not written.
	 *
	 * @param text what went wrong
	 * @param since since when
	 * @param offset the first message that is not written, -1 if it is not known
	 */
	record Trouble(String text, Instant since, long offset) {

	}

}
