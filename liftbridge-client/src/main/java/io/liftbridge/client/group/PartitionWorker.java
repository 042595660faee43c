package io.liftbridge.client.group;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.GroupRole;
import io.liftbridge.client.consumer.HandlerObserver;
import io.liftbridge.client.consumer.RecordMark;
import io.liftbridge.client.consumer.StartFinder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StreamIdentity;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.consumer.SubscriptionListener;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition for as long as it is the member's: finds where to begin, subscribes
 * in the present epoch, keeps the cursor, and gives the partition up in good order.
 * Belongs to the member's events.
 */
final class PartitionWorker implements HandlerObserver {

	private static final Logger logger = LoggerFactory.getLogger(PartitionWorker.class);

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	/** How long to wait before looking whether a read-only partition has more. */
	private static final Duration END_PAUSE = Duration.ofSeconds(10);

	private static final Duration CURSOR_TIMEOUT = Duration.ofSeconds(10);

	private final Host host;

	private final GroupPartition partition;

	private final CursorTracker.Key key;

	private final StartFinder finder;

	private final StreamIdentity identity;

	private @Nullable Subscription subscription;

	private volatile @Nullable CursorTracker tracker;

	private StartPosition start = StartPosition.newOnly();

	/** When the stream that is read was created, 0 if nobody tells. */
	private long created;

	/** Offset before the first message, where it is known. */
	private long base = -1;

	/** Only answers to the last question count. */
	private int turn;

	private int failed;

	private long failedAt = -1;

	private final RecordMark records = new RecordMark();

	private boolean releasing;

	private String reason = "";

	private boolean shared;

	private volatile @Nullable Thread runner;

	PartitionWorker(Host host, GroupPartition partition) {
		this.host = host;
		this.partition = partition;
		GroupOptions options = host.options();
		this.key = new CursorTracker.Key(options.cursorId(), partition.stream(), partition.partition());
		this.finder = new StartFinder(host.cluster(), host.cursors(), this.key, options.tracking(), options.start(),
				"Group '" + options.group() + "'");
		this.identity = new StreamIdentity(host.cluster(), host.cursors(), this.key, options.tracking(), this.finder);
	}

	GroupPartition partition() {
		return this.partition;
	}

	boolean isReleasing() {
		return this.releasing;
	}

	/** Whether the present thread runs the user's handler. */
	boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	@Override
	public void begins() {
		this.runner = Thread.currentThread();
	}

	@Override
	public RecordMark records() {
		return this.records;
	}

	@Override
	public void processed(long offset) {
		this.runner = null;
		CursorTracker current = this.tracker;
		if (current != null) {
			current.processed(offset);
		}
	}

	void start(Duration delay) {
		later(this::begin, delay);
	}

	private void begin() {
		ask(this.identity.created(),
				(now) -> ask(this.identity.claim(now, this.host.lastRead(this.partition)), (anew) -> {
					this.created = now;
					this.host.reads(this.partition, now);
					ask(this.finder.stored(), (stored) -> choose(stored, anew));
				}));
	}

	private void choose(OptionalLong stored, boolean anew) {
		int mine = ++this.turn;
		this.host.tell((listener, member) -> {
			try {
				StartPosition chosen = listener.onActive(member, this.partition, stored);
				post(mine, () -> locate(stored, (chosen == null && anew) ? StartPosition.earliest() : chosen));
			}
			catch (Throwable ex) {
				post(mine, () -> failed(ex));
			}
		});
	}

	private void locate(OptionalLong stored, @Nullable StartPosition chosen) {
		ask(this.finder.find(stored, chosen), (found) -> {
			track(found, stored);
			open(found);
			if (isMomentary(found)) {
				// Another attempt would be at another moment.
				this.start = StartPosition.at(StartFinder.lastMoment());
			}
		});
	}

	private static boolean isMomentary(StartPosition start) {
		return start.kind() == StartPosition.Kind.NEW_ONLY || start.kind() == StartPosition.Kind.LATEST;
	}

	private void track(StartPosition found, OptionalLong stored) {
		CursorTracker former = this.tracker;
		if (former != null) {
			former.close(true);
		}
		this.records.clear();
		this.start = found;
		this.base = (found.kind() == StartPosition.Kind.OFFSET) ? found.value() - 1 : -1;
		CursorTracker next = new CursorTracker(this.host.cluster(), this.host.cursors(), this.key,
				this.host.options().tracking(), this.base, stored,
				(failure) -> this.host.tell((listener, member) -> listener.onFailure(member, this.partition, failure)));
		next.start();
		this.tracker = next;
	}

	private long position() {
		CursorTracker current = this.tracker;
		return (current != null) ? current.processed() : this.base;
	}

	private void open(StartPosition from) {
		int mine = ++this.turn;
		GroupRole role = new GroupRole(this.host.options().group(), this.host.options().consumerId(),
				this.host.epoch());
		try {
			SubscriptionBuilder builder = new SubscriptionBuilder(this.partition.stream(),
					(options) -> this.host.subscribe(options.as(role).observed(this)))
				.partition(this.partition.partition())
				.listener(new SubscriptionListener() {

					@Override
					public void onMalformed(Subscription source, MalformedEntryException malformed) {
						PartitionWorker.this.host.tell((listener, member) -> listener.onMalformed(member,
								PartitionWorker.this.partition, malformed));
					}

				});
			Subscription next = this.host.options().reading().apply(builder).from(from).start();
			this.subscription = next;
			next.ended().whenComplete((end, failure) -> post(mine, () -> ended(end, failure)));
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void ended(@Nullable EndReason end, @Nullable Throwable failure) {
		this.subscription = null;
		this.runner = null;
		if (this.releasing) {
			finish();
		}
		else if (failure instanceof StreamNotFoundException) {
			forget();
			failed(failure);
		}
		else if (failure != null) {
			failed(failure);
		}
		else if (end == EndReason.DISPLACED) {
			this.host.displaced(this);
		}
		else if (end == EndReason.END_OF_PARTITION) {
			later(this::resume, END_PAUSE);
		}
		else {
			resume();
		}
	}

	/**
	 * The group was shared out anew and the partition is the member's again, or still.
	 * The server may have ended the subscription, and protects only the present epoch
	 * against members that do not know it yet.
	 */
	void epochChanged() {
		Subscription current = this.subscription;
		if (current != null && !this.releasing) {
			current.close(Duration.ZERO);
		}
	}

	/**
	 * The messages are gone: what was processed of them is no position among those in
	 * their place.
	 */
	private CompletableFuture<Void> forget() {
		CursorTracker former = this.tracker;
		if (former == null) {
			return CompletableFuture.completedFuture(null);
		}
		this.tracker = null;
		return former.abandon(new LiftbridgeException(this.key
				+ " is not stored: the stream was deleted, or has lost messages, and the position with them."));
	}

	/** Goes on, if it is the same stream. */
	private void resume() {
		// Who cannot be asked now is asked when the subscription fails again.
		ask(this.identity.created().exceptionally((failure) -> 0L), (now) -> {
			if (now != 0 && this.created != 0 && now != this.created) {
				forget();
				begin();
			}
			else {
				catchUp();
			}
		});
	}

	/** Goes on, unless somebody else has come further in an epoch in between. */
	private void catchUp() {
		int mine = ++this.turn;
		this.finder.stored().whenComplete((stored, failure) -> post(mine, () -> {
			if (stored != null && stored.orElse(-1) > position()) {
				logger.info("{} goes on in {} behind offset {}, as another member has processed up to there", this.host,
						this.partition, stored.getAsLong());
				begin();
			}
			else {
				reopen();
			}
		}));
	}

	private void reopen() {
		long processed = position();
		if (processed <= this.base) {
			open(this.start);
			return;
		}
		ask(this.finder.after(processed), (from) -> {
			if (from.kind() == StartPosition.Kind.OFFSET) {
				open(from);
			}
			else {
				startOver(from);
			}
		});
	}

	/** Another stream of the same name, or one that has lost messages. */
	private void startOver(StartPosition from) {
		CompletableFuture<Void> forgotten = forget();
		// A write that was under way until then has stored a position once more.
		CompletableFuture<Void> done = this.host.options().tracking().isNone() ? forgotten
				: forgotten.thenCompose((nothing) -> this.finder.startOver());
		ask(done.thenApply((nothing) -> from), (start) -> {
			track(start, OptionalLong.empty());
			open(start);
		});
	}

	private void failed(Throwable reason) {
		Throwable failure = (reason instanceof CompletionException && reason.getCause() != null) ? reason.getCause()
				: reason;
		if (this.host.cluster().isClosed() || this.releasing) {
			return;
		}
		if (failure instanceof CursorsDisabledException disabled) {
			this.host.failed(disabled);
			return;
		}
		long position = position();
		this.failed = (position > this.failedAt) ? 1 : this.failed + 1;
		this.failedAt = position;
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(this.failed - 1, 5));
		Duration shorter = (pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE;
		// What the user's code throws is worth its place; what the client throws says it.
		boolean known = failure instanceof LiftbridgeException;
		logger.warn("{}: {} cannot go on behind offset {} and is tried again in {}{}", this.host, this.partition,
				position, shorter, known ? ": " + failure.getMessage() : "", known ? null : failure);
		this.host.tell((listener, member) -> listener.onFailure(member, this.partition, failure));
		later((this.tracker != null) ? this::resume : this::begin, shorter);
	}

	/**
	 * Gives the partition up: delivers nothing any more, stores the position, waits for
	 * the handler, stores the position again, then tells the host.
	 * @param why for people
	 * @param others whether somebody else may be reading the partition already
	 */
	void release(String why, boolean others) {
		if (this.releasing) {
			return;
		}
		this.releasing = true;
		this.reason = why;
		this.shared = others;
		Subscription current = this.subscription;
		if (current == null) {
			finish();
			return;
		}
		CursorTracker cursor = this.tracker;
		if (cursor != null) {
			cursor.close(others);
		}
		current.close(Duration.ZERO);
	}

	/** The member has left: somebody else may be reading the partition. */
	void left() {
		this.shared = true;
	}

	private void finish() {
		int mine = ++this.turn;
		CursorTracker cursor = this.tracker;
		CompletableFuture<Void> stored = (cursor != null) ? cursor.close(this.shared)
				: CompletableFuture.completedFuture(null);
		stored.copy()
			.completeOnTimeout(null, CURSOR_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((nothing, failure) -> post(mine, () -> this.host.released(this, this.reason)));
	}

	/** Stores soon what is to be stored anyway. */
	void flush() {
		CursorTracker current = this.tracker;
		if (current != null) {
			current.flush();
		}
	}

	/** Stores how far the handler has come. */
	CompletableFuture<Void> commit() {
		CursorTracker current = this.tracker;
		return (current != null && current.processed() > this.base) ? current.commit(current.processed())
				: CompletableFuture.completedFuture(null);
	}

	@Nullable CompletableFuture<Void> commit(long offset) {
		CursorTracker current = this.tracker;
		return (current != null) ? current.commit(offset) : null;
	}

	private <T> void ask(CompletableFuture<T> answer, Consumer<T> then) {
		int mine = ++this.turn;
		BiConsumer<T, @Nullable Throwable> take = (result, failure) -> post(mine, () -> {
			if (failure != null) {
				failed(Cluster.unwrap(failure));
			}
			else {
				then.accept(result);
			}
		});
		answer.whenComplete(take);
	}

	private void later(Runnable step, Duration delay) {
		int mine = ++this.turn;
		if (delay.isZero()) {
			step.run();
		}
		else {
			this.host.cluster().schedule(() -> post(mine, step), delay);
		}
	}

	private void post(int mine, Runnable step) {
		this.host.post(() -> {
			if (mine == this.turn) {
				step.run();
			}
		});
	}

}
