package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one partition's messages to a stream with optimistic concurrency control:
 * each message expects an offset, so that it is stored there or nowhere. When something
 * goes wrong, nothing more is sent, answers that are still to come are waited for, the
 * end of the partition is read back and compared ({@link Recovery}), and what is not
 * there is sent again.
 * <p>
 * All state belongs to {@link #events}, which handles one event at a time.
 */
final class IdempotentLane implements Carrier {

	private static final Logger logger = LoggerFactory.getLogger(IdempotentLane.class);

	private static final Duration SWEEP_INTERVAL = Duration.ofMillis(250);

	private final LaneEvents events;

	private final Cluster cluster;

	private final ProducerOptions options;

	private final int partition;

	private final @Nullable PublishingIds ids;

	private final Consumer<List<Pending>> release;

	private final Ledger ledger = new Ledger();

	private final Verdicts verdicts;

	private final ControlCheck control;

	private final Endings endings;

	private final Recovery recovery;

	private final Patience patience = new Patience();

	private final Setbacks setbacks = new Setbacks();

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private LaneState state = LaneState.IDLE;

	private @Nullable PipeLink link;

	/** Counts what was begun, so that what comes too late is known. */
	private int turn;

	private boolean sweeping;

	private boolean closing;

	/** Why nothing can be sent any more. */
	private @Nullable LiftbridgeException dead;

	IdempotentLane(Cluster cluster, ProducerOptions options, int partition, @Nullable PublishingIds ids,
			Consumer<List<Pending>> release) {
		this.cluster = cluster;
		this.options = options;
		this.partition = partition;
		this.ids = ids;
		this.release = release;
		this.events = new LaneEvents(cluster, options.stream(), partition, this::accept);
		this.verdicts = new Verdicts(cluster, options.stream(), partition, this.ledger);
		this.control = new ControlCheck(cluster, this.ledger, this.verdicts);
		this.endings = new Endings(options.stream(), partition, this.ledger);
		this.recovery = new Recovery(this, cluster, options, partition, this.ledger, this.endings);
	}

	@Override
	public void send(Pending pending) {
		this.events.send(pending);
	}

	@Override
	public CompletableFuture<Void> flushed() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		post(() -> this.ledger.mark(done));
		return done;
	}

	@Override
	public CompletableFuture<Void> close() {
		post(this::end);
		return this.ended;
	}

	/** Does something when nothing else is being done. */
	void post(Runnable event) {
		this.events.post(event);
	}

	private void accept(Pending pending) {
		if (this.closing) {
			decided(List.of(pending.resolve(Answers.closed(this.options.stream(), pending))));
		}
		else if (this.dead != null) {
			decided(List.of(pending.resolve(this.dead)));
		}
		else if (this.ids != null && !this.ids.admit(pending)) {
			decided(List.of(pending));
		}
		else {
			this.ledger.add(pending);
			watch();
			if (this.state == LaneState.IDLE) {
				begin();
			}
			else if (this.state == LaneState.FLOWING) {
				transmit();
			}
		}
	}

	/** These have their outcome. */
	void decided(List<Pending> messages) {
		if (!messages.isEmpty()) {
			this.release.accept(messages);
		}
		this.ledger.reach();
	}

	boolean isOver() {
		return this.closing || this.dead != null;
	}

	/** Goes on from wherever it was. */
	private void begin() {
		if (isOver()) {
			return;
		}
		if (this.ledger.isEmpty()) {
			this.state = LaneState.IDLE;
		}
		else if (!this.control.isProven()) {
			connect(LaneState.PROBING);
		}
		else if (this.ledger.next() < 0 || !this.ledger.sent().isEmpty()) {
			this.state = LaneState.SETTLING;
			this.turn++;
			this.recovery.start();
		}
		else {
			connect(LaneState.FLOWING);
		}
	}

	private void connect(LaneState then) {
		this.turn++;
		PipeLink opened = PipeLink.open(this, this.cluster, this.options.stream(), this.partition);
		if (opened == null) {
			later("no broker is known");
			return;
		}
		this.link = opened;
		this.state = then;
		this.patience.restart();
		if (then == LaneState.PROBING) {
			this.control.ask(opened);
			return;
		}
		for (Placed placed : this.ledger.sent()) {
			if (!placed.presumed) {
				hand(placed, opened);
			}
		}
		transmit();
	}

	void transmit() {
		PipeLink to = this.link;
		if (to == null || this.state != LaneState.FLOWING || this.ledger.told() >= this.options.maxInFlight()) {
			return;
		}
		while (mayFollow()) {
			Placed next = this.ledger.place();
			if (next == null) {
				return;
			}
			hand(next, to);
		}
	}

	/**
	 * Whether another message may be sent before those in front of it are answered: if
	 * somebody else's took the place of one of these, it would be stored all the same.
	 */
	private boolean mayFollow() {
		return this.ledger.open() == 0 || (this.recovery.isEstablished() && !this.ledger.isContested());
	}

	private void hand(Placed placed, PipeLink to) {
		if (this.ledger.open() == 0) {
			this.patience.restart();
		}
		this.ledger.handed(placed);
		to.hand(placed, placed.offset, Long.toString(placed.number));
	}

	void answered(PipeLink from, List<PublishResponse> responses) {
		List<Pending> done = new ArrayList<>(responses.size());
		for (PublishResponse response : responses) {
			// What was found out may have ended it.
			if (from == this.link && !this.verdicts.isForeign(response)) {
				answered(response, done);
			}
		}
		if (!done.isEmpty()) {
			this.patience.reward();
		}
		decided(done);
		if (from == this.link) {
			if (this.state == LaneState.DRAINING && this.ledger.open() == 0) {
				leave("all that was sent is answered");
			}
			else {
				transmit();
			}
		}
	}

	private void answered(PublishResponse response, List<Pending> done) {
		if (this.state == LaneState.PROBING) {
			probed(response, done);
			return;
		}
		Placed placed = this.ledger.get(Answers.sequence(response));
		if (placed == null || !placed.open) {
			Answers.logUnmatched(this.options.stream(), this.partition, response);
			return;
		}
		switch (this.verdicts.judge(placed, response, done)) {
			case STORED -> {
				this.recovery.establish();
				this.setbacks.over();
			}
			case DISTURBED -> drain(1);
			case BUSY -> drain(2);
			case UNCONTROLLED -> die(this.endings.uncontrolled(placed, response.getAck().getOffset(), done));
		}
	}

	private void probed(PublishResponse response, List<Pending> done) {
		Placed asked = this.control.asked();
		Verdicts.Verdict verdict = this.control.judge(response, done);
		if (asked == null || verdict == null) {
			return;
		}
		if (verdict == Verdicts.Verdict.UNCONTROLLED) {
			die(this.endings.uncontrolled(asked, response.getAck().getOffset(), done));
			return;
		}
		this.setbacks.add((verdict == Verdicts.Verdict.BUSY) ? 2 : 0);
		leave("whether there is concurrency control: " + this.control.isProven());
	}

	/** Something is wrong: first all that was sent is to be answered. */
	private void drain(int weight) {
		if (this.state == LaneState.FLOWING) {
			this.state = LaneState.DRAINING;
			this.setbacks.add(weight);
			this.patience.restart();
		}
	}

	/** Nothing is expected of this pipe any more. */
	private void leave(String why) {
		logger.debug("{}: {}", this, why);
		leavePipe();
		if (this.setbacks.isRepeated()) {
			later(why);
		}
		else {
			begin();
		}
	}

	private void leavePipe() {
		if (this.link != null) {
			this.link.cancel();
			lost(this.link);
		}
	}

	private void lost(PipeLink old) {
		this.link = null;
		this.ledger.lost(old.hasConnected());
		this.control.lost(old.hasConnected());
	}

	/** Tries again in a while. */
	void later(String why) {
		this.state = LaneState.SETTLING;
		int current = ++this.turn;
		Duration pause = this.setbacks.pause(this.cluster.options().retryPolicy(), why);
		this.cluster.schedule(() -> this.cluster.refresh().whenComplete((metadata, failure) -> post(() -> {
			if (current == this.turn) {
				begin();
			}
		})), pause);
	}

	void pipeClosed(PipeLink from, RpcStatus status) {
		if (this.closing) {
			this.ended.complete(null);
		}
		if (from != this.link) {
			return;
		}
		boolean idle = this.ledger.isEmpty();
		if (!idle && this.setbacks.isNone()) {
			logger.info("{}: publishing interrupted ({}); {} messages will be looked for, and sent again if they are"
					+ " not stored", this, status, this.ledger.size());
		}
		if (status.is(RpcStatus.Code.RESOURCE_EXHAUSTED, "larger than max")) {
			decided(this.verdicts.tooLarge(status));
		}
		lost(from);
		if (idle) {
			this.state = LaneState.IDLE;
		}
		else {
			later(status.toString());
		}
	}

	/** Sends what is not stored. Returns whether there is a pipe for it. */
	boolean resume() {
		connect(LaneState.FLOWING);
		return this.state == LaneState.FLOWING;
	}

	/** A message is not where it was presumed: everything must be looked at. */
	void disturbed(String why) {
		if (this.state == LaneState.FLOWING) {
			drain(1);
			if (this.ledger.open() == 0) {
				leave(why);
			}
		}
	}

	/** The stream is gone: as if nothing had ever been sent. */
	void startOver(List<Pending> gone) {
		this.ledger.clear();
		this.control.forget();
		this.state = LaneState.IDLE;
		decided(gone);
	}

	/** Nothing can be sent any more. All messages have their outcome. */
	void die(LiftbridgeException why) {
		this.dead = why;
		this.recovery.stop();
		this.turn++;
		this.ledger.clear();
		this.state = LaneState.IDLE;
		leavePipe();
	}

	/** Fails what waited too long, and notices silence. */
	private void sweep() {
		this.sweeping = false;
		decided(this.verdicts.late(this.options, this.setbacks.last()));
		if (this.link != null && isSilent()) {
			logger.info("{}: no acknowledgement for {} ms, {} messages wait", this, this.patience.silentMillis(),
					this.ledger.size());
			this.patience.extend();
			this.setbacks.add(1);
			leave("the broker is silent");
		}
		transmit();
		watch();
	}

	private void watch() {
		if (!this.sweeping && !this.ledger.isEmpty() && !this.closing) {
			this.sweeping = true;
			this.cluster.schedule(() -> post(this::sweep), SWEEP_INTERVAL);
		}
	}

	private boolean isSilent() {
		if (this.state == LaneState.DRAINING) {
			return this.patience.isStalled();
		}
		return (this.ledger.open() > 0 || this.control.asked() != null)
				&& this.patience.isExhausted(this.state == LaneState.PROBING);
	}

	private void end() {
		if (this.closing) {
			return;
		}
		this.closing = true;
		this.turn++;
		this.recovery.stop();
		List<Pending> rest = this.endings.all((pending) -> Answers.closed(this.options.stream(), pending));
		this.ledger.clear();
		decided(rest);
		PipeLink last = this.link;
		if (last == null) {
			this.ended.complete(null);
			return;
		}
		last.end(this.cluster).whenComplete((nothing, failure) -> this.ended.complete(null));
	}

	@Override
	public String toString() {
		return "Stream '" + this.options.stream() + "' partition " + this.partition;
	}

}
