package io.liftbridge.client.group;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.GroupRole;
import io.liftbridge.client.consumer.HandlerObserver;
import io.liftbridge.client.consumer.RecordMark;
import io.liftbridge.client.consumer.StartFinder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StreamIdentity;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.LiftbridgeException;
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

	/** How long to wait before looking whether a read-only partition has more. */
	private static final Duration END_PAUSE = Duration.ofSeconds(10);

	private static final Duration CURSOR_TIMEOUT = Duration.ofSeconds(10);

	private final Host host;

	private final GroupPartition partition;

	private final CursorTracker.Key key;

	private final StartFinder finder;

	private final StreamIdentity identity;

	private @Nullable Subscription subscription;

	private final PartitionPosition position;

	private StartPosition start = StartPosition.newOnly();

	/** When the stream that is read was created, 0 if nobody tells. */
	private long created;

	private final Turns turns;

	private final Setbacks setbacks = new Setbacks();

	private final RecordMark records = new RecordMark();

	/** Where to go on instead, and who waits for that. */
	private @Nullable Sought sought;

	private boolean paused;

	/** Whether the subscription was ended in order to learn whose the partition is. */
	private boolean verifying;

	/** Whether it subscribes when the coordinator says that the partition is its own. */
	private boolean waiting;

	private final Certainty certainty = new Certainty();

	private volatile boolean releasing;

	private String reason = "";

	private boolean shared;

	private volatile @Nullable Thread runner;

	PartitionWorker(Host host, GroupPartition partition) {
		this.host = host;
		this.partition = partition;
		this.turns = new Turns(host);
		GroupOptions options = host.options();
		this.key = new CursorTracker.Key(options.cursorId(), partition.stream(), partition.partition());
		this.finder = new StartFinder(host.cluster(), host.cursors(), this.key, options.tracking(), options.start(),
				"Group '" + options.group() + "'");
		this.identity = new StreamIdentity(host.cluster(), host.cursors(), this.key, options.tracking(), this.finder);
		this.position = new PartitionPosition(host, this.key, this::isSole,
				(failure) -> host.tell((listener, member) -> listener.onCursorFailure(member, partition, failure)));
	}

	GroupPartition partition() {
		return this.partition;
	}

	/** Whether the present thread runs the user's handler. */
	boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	@Override
	public void begins() {
		this.runner = Thread.currentThread();
		if (!isHeld()) {
			throw new LiftbridgeException(this.host + " may have lost " + this.partition);
		}
	}

	/**
	 * Whether the partition is the member's beyond doubt: the coordinator has heard of
	 * the member in time, or the partition's leader has admitted it no longer ago. Who is
	 * in doubt, for instance after it hung, asks again before it delivers anything.
	 */
	boolean isHeld() {
		boolean held = isSole();
		if (!held && !this.releasing) {
			this.host.post(() -> this.host.doubted(this));
		}
		return held;
	}

	/** Whether nobody else is to be expected to store positions. */
	private boolean isSole() {
		return !this.releasing && this.certainty.lasts(this.host.memberTimeout());
	}

	/**
	 * The partition was the member's at a time.
	 * @return whether it can have been nobody else's before
	 */
	boolean confirm(long time) {
		if (this.releasing || !(this.verifying || this.waiting)) {
			return this.releasing || this.certainty.extend(time, this.host.memberTimeout());
		}
		if (this.certainty.answer(time) && this.waiting && this.sought == null) {
			resume();
		}
		return true;
	}

	@Override
	public RecordMark records() {
		return this.records;
	}

	@Override
	public void processed(long offset) {
		this.runner = null;
		this.position.processed(offset);
	}

	void start(Duration delay) {
		this.turns.later(this::begin, delay);
	}

	private void begin() {
		if (this.sought != null) {
			relocate(this.sought);
			return;
		}
		ask(this.identity.created(),
				(now) -> ask(this.identity.claim(now, this.host.lastRead(this.partition)), (anew) -> {
					this.created = now;
					this.host.reads(this.partition, now);
					ask(this.finder.stored(), (stored) -> choose(stored, anew));
				}));
	}

	private void choose(OptionalLong stored, boolean anew) {
		int mine = this.turns.next();
		this.host.tell((listener, member) -> {
			try {
				StartPosition chosen = listener.onActive(member, this.partition, stored);
				this.turns.post(mine, () -> locate(stored, decide(chosen, anew)));
			}
			catch (Throwable ex) {
				this.turns.post(mine, () -> failed(ex));
			}
		});
	}

	private @Nullable StartPosition decide(@Nullable StartPosition chosen, boolean anew) {
		if (this.sought != null) {
			return this.sought.place();
		}
		return (chosen == null && anew) ? StartPosition.earliest() : chosen;
	}

	private void locate(OptionalLong stored, @Nullable StartPosition chosen) {
		ask(this.finder.find(stored, chosen), (found) -> {
			track(found, stored);
			open(found);
			Sought reached = this.sought;
			this.sought = null;
			if (reached != null) {
				reached.done().complete(null);
			}
			if (StartFinder.isMomentary(found)) {
				// Another attempt would be at another moment.
				this.start = StartPosition.at(StartFinder.lastMoment());
			}
		});
	}

	private void track(StartPosition found, OptionalLong stored) {
		this.records.clear();
		this.start = found;
		this.position.begin(found, stored);
	}

	private void open(StartPosition from) {
		int mine = this.turns.next();
		this.waiting = false;
		this.certainty.renew();
		GroupRole role = new GroupRole(this.host.options().group(), this.host.options().consumerId(),
				this.host.epoch());
		try {
			SubscriptionBuilder builder = new SubscriptionBuilder(this.partition.stream(),
					(options) -> this.host.subscribe(options.as(role).observed(this)))
				.partition(this.partition.partition())
				.listener(new PartitionNotices(this.host, this.partition));
			Subscription next = this.host.options().reading().apply(builder).from(from).start();
			this.subscription = next;
			if (this.paused) {
				next.pause();
			}
			next.ended().whenComplete((end, failure) -> this.turns.post(mine, () -> ended(end, failure)));
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void ended(@Nullable EndReason end, @Nullable Throwable failure) {
		this.subscription = null;
		this.runner = null;
		boolean doubtful = this.verifying;
		this.verifying = false;
		if (this.releasing) {
			finish();
		}
		else if (doubtful && this.sought == null) {
			// Until its successor comes, the leader admits who has lost the partition,
			// too.
			this.waiting = true;
			this.turns.later(this::resume,
					this.certainty.isAnswered() ? Duration.ZERO : this.host.memberTimeout().dividedBy(3));
		}
		else if (this.sought != null) {
			relocate(this.sought);
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
			this.host.tell((listener, member) -> listener.onEndOfPartition(member, this.partition));
			this.turns.later(this::resume, END_PAUSE);
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
	 * Others may have had the partition: subscribes again, behind what they have stored,
	 * if the leader admits it.
	 * @return whether it does, which it need not without doubt
	 */
	boolean verify() {
		Subscription current = this.subscription;
		if (current == null || this.releasing || this.verifying || isSole()) {
			return false;
		}
		this.verifying = true;
		this.certainty.doubt();
		current.close(Duration.ZERO);
		return true;
	}

	/**
	 * The messages are gone: what was processed of them is no position among those in
	 * their place.
	 */
	private CompletableFuture<Void> forget() {
		return this.position.forget("the stream was deleted, or has lost messages, and the position with them.");
	}

	/**
	 * Goes on elsewhere, once the handler has returned.
	 * @param done completes when it does
	 */
	void seek(StartPosition place, CompletableFuture<Void> done) {
		Sought next = new Sought(place, done);
		if (this.releasing) {
			next.moved(this.host, this.partition);
			return;
		}
		Sought former = this.sought;
		if (former != null) {
			// The last one counts.
			done.whenComplete((nothing, failure) -> former.done().complete(null));
		}
		this.sought = next;
		if (this.subscription != null) {
			this.subscription.close(Duration.ZERO);
		}
		else {
			relocate(next);
		}
	}

	private void relocate(Sought target) {
		CompletableFuture<StartPosition> set = this.position.forget("the reader goes on elsewhere.")
			.thenCompose((nothing) -> this.finder.seek(target.place()));
		ask(set, (settled) -> {
			this.sought = new Sought(settled, target.done());
			ask(this.finder.stored(), (stored) -> choose(stored, false));
		});
	}

	void pause(boolean pause) {
		Subscription current = this.subscription;
		if (current != null && pause && !this.paused) {
			current.pause();
		}
		else if (current != null && !pause && this.paused) {
			current.resume();
		}
		this.paused = pause;
	}

	/** Goes on, if it is the same stream. */
	private void resume() {
		this.waiting = false;
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
		int mine = this.turns.next();
		this.finder.stored().whenComplete((stored, failure) -> this.turns.post(mine, () -> {
			if (stored != null && stored.orElse(-1) > this.position.offset()) {
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
		if (!this.position.hasMoved()) {
			open(this.start);
			return;
		}
		ask(this.finder.after(this.position.offset()), (from) -> {
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
		long position = this.position.offset();
		Duration pause = this.setbacks.pause(position);
		// What the user's code throws is worth its place; what the client throws says it.
		boolean known = failure instanceof LiftbridgeException;
		logger.warn("{}: {} cannot go on behind offset {} and is tried again in {}{}", this.host, this.partition,
				position, pause, known ? ": " + failure.getMessage() : "", known ? null : failure);
		this.host.tell((listener, member) -> listener.onFailure(member, this.partition, failure));
		this.turns.later(this.position.isKnown() ? this::resume : this::begin, pause);
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
		this.position.close(others);
		current.close(Duration.ZERO);
	}

	/** The member has left: somebody else may be reading the partition. */
	void left() {
		this.shared = true;
	}

	private void finish() {
		int mine = this.turns.next();
		if (this.sought != null) {
			this.sought.moved(this.host, this.partition);
		}
		this.position.close(this.shared)
			.copy()
			.completeOnTimeout(null, CURSOR_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((nothing, failure) -> this.turns.post(mine, () -> this.host.released(this, this.reason)));
	}

	PartitionPosition position() {
		return this.position;
	}

	private <T> void ask(CompletableFuture<T> answer, Consumer<T> then) {
		this.turns.ask(answer, then, this::failed);
	}

}
