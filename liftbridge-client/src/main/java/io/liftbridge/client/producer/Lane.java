package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The way of one partition's messages to the server: numbers them, hands them to the
 * pipe, matches answers by number, and after a lost connection opens a new pipe and hands
 * over everything without an answer again, in order and before anything newer.
 * <p>
 * All state belongs to {@link #events}, which handles one event at a time.
 */
final class Lane implements Carrier {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final Duration SWEEP_INTERVAL = Duration.ofMillis(250);

	private final LaneEvents events;

	private final Cluster cluster;

	private final ProducerOptions options;

	private final int partition;

	private final @Nullable PublishingIds ids;

	private final Window window = new Window();

	private final Patience patience = new Patience();

	private final Probe probe = new Probe(this.window);

	private final Silence silence;

	private final Marks marks = new Marks(this.window);

	private final Outcomes outcomes;

	private final ForeignAnswers foreign;

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private @Nullable PublishPipe pipe;

	private boolean opening;

	private boolean sweeping;

	private boolean closing;

	private boolean unacknowledgedSent;

	private int failures;

	private @Nullable String lastFailure;

	Lane(Cluster cluster, ProducerOptions options, int partition, @Nullable PublishingIds ids,
			Consumer<List<Pending>> release) {
		this.ids = ids;
		this.cluster = cluster;
		this.options = options;
		this.partition = partition;
		this.outcomes = new Outcomes(options.stream(), this.window, this.marks, release);
		this.silence = new Silence(options.stream(), partition, this.window, this.patience, this.probe);
		this.foreign = new ForeignAnswers(cluster, options.stream(), this.window,
				(stored) -> post(() -> elsewhere(stored.get())));
		this.events = new LaneEvents(cluster, options.stream(), partition, this::accept);
	}

	@Override
	public void send(Pending pending) {
		this.events.send(pending);
	}

	@Override
	public CompletableFuture<Void> flushed() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		post(() -> this.marks.add(done));
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
		if (this.ids != null && !this.closing && !this.ids.admit(pending)) {
			this.outcomes.decided(List.of(pending));
			return;
		}
		if (pending instanceof LargePending large) {
			large.forEachBefore(this::add);
		}
		add(pending);
	}

	private void add(Pending pending) {
		if (this.closing) {
			this.outcomes.closed(pending);
			return;
		}
		if (this.window.isEmpty()) {
			this.patience.restart();
		}
		this.window.add(pending);
		if (this.pipe != null) {
			transmit();
		}
		else if (!this.opening) {
			open();
		}
		if (!this.sweeping) {
			this.sweeping = true;
			this.cluster.schedule(() -> post(this::sweep), SWEEP_INTERVAL);
		}
	}

	/** Hands everything that the present pipe has not seen to it. */
	void transmit() {
		List<Pending> done = null;
		PublishPipe to = this.pipe;
		for (Pending next = this.probe.next(); next != null && to != null; next = this.probe.next()) {
			if (!next.acknowledged && !to.isReady()) {
				// Nobody will say that it arrived: it stays here until the network takes
				// it.
				this.window.putBack(next);
				break;
			}
			hand(next, to);
			if (!next.acknowledged) {
				this.unacknowledgedSent = true;
				this.window.remove(next.sequence);
				done = (done != null) ? done : new ArrayList<>();
				done.add(next.resolve(new Ack(this.options.stream(), next.partition, -1, AckPolicy.NONE, 0, 0,
						next.message.correlationId())));
			}
		}
		if (done != null) {
			this.outcomes.decided(done);
		}
	}

	private static void hand(Pending pending, PublishPipe to) {
		to.send(pending.request.setCorrelationId(Long.toString(pending.sequence)).build());
		pending.given(to);
	}

	/** Sends the oldest message again and, once it is answered, all others. */
	private void transmitAgain() {
		this.probe.begin();
		this.patience.restart();
		transmit();
	}

	void answered(List<PublishResponse> responses) {
		List<Pending> done = new ArrayList<>(responses.size());
		boolean retry = false;
		for (PublishResponse response : responses) {
			Pending pending = this.window.get(Answers.sequence(response));
			if (pending == null) {
				Answers.logUnmatched(this.options.stream(), this.partition, response);
				continue;
			}
			if (!response.hasAsyncError() && this.foreign.isForeign(response)) {
				this.foreign.add(pending, response);
			}
			else if (!response.hasAsyncError()) {
				this.window.remove(pending.sequence);
				done.add(Answers.stored(pending, response, this.options.stream()));
			}
			else if (Answers.isTransient(response.getAsyncError(), this.cluster)) {
				retry = true;
				if (this.pipe != null) {
					// An earlier pipe may have carried it to where it was stored.
					pending.takeBack(this.pipe);
				}
			}
			else {
				this.window.remove(pending.sequence);
				done.add(pending.resolve(Answers.failure(response.getAsyncError(), this.options.stream(),
						pending.partition, pending.wireBytes(), pending.message.expectedOffset())));
			}
		}
		if (!done.isEmpty()) {
			this.patience.reward();
			this.failures = retry ? this.failures : 0;
			this.outcomes.decided(done);
		}
		if (retry) {
			// The broker does not know the stream yet: what follows would overtake.
			abandonPipe("the broker is starting and does not know the stream yet");
		}
		else if (this.probe.answered()) {
			transmit();
		}
	}

	private void open() {
		this.opening = false;
		if (this.pipe != null || this.window.isEmpty() || this.cluster.isClosed()) {
			return;
		}
		PipeEvents listener = new PipeEvents(this);
		PublishPipe opened = this.cluster.publish(this.options.stream(), this.partition, listener);
		if (opened == null) {
			this.lastFailure = "no broker is known";
			reopenLater();
			return;
		}
		listener.pipe = opened;
		this.pipe = opened;
		transmitAgain();
	}

	void pipeClosed(PipeEvents listener, RpcStatus status) {
		if (listener.pipe != this.pipe || this.pipe == null) {
			if (this.closing) {
				this.ended.complete(null);
			}
			return;
		}
		takeBack(this.pipe);
		this.pipe = null;
		this.lastFailure = status.toString();
		if (this.closing) {
			this.ended.complete(null);
			return;
		}
		if (status.is(RpcStatus.Code.RESOURCE_EXHAUSTED, "larger than max")) {
			this.outcomes.tooLarge(status);
		}
		this.outcomes.spent(status.toString());
		if (this.window.isEmpty()) {
			logger.debug("Stream '{}' partition {}: publishing pipe ended: {}", this.options.stream(), this.partition,
					status);
			return;
		}
		// Once an outage, not with each attempt to end it.
		logger.atLevel((this.failures == 0) ? Level.INFO : Level.DEBUG)
			.log("Stream '{}' partition {}: publishing interrupted ({}); {} messages will be sent again",
					this.options.stream(), this.partition, status, this.window.size());
		reopenLater();
	}

	private void abandonPipe(String why) {
		PublishPipe old = this.pipe;
		this.pipe = null;
		this.lastFailure = why;
		if (old != null) {
			old.cancel();
			takeBack(old);
		}
		this.outcomes.spent(why);
		if (!this.window.isEmpty()) {
			reopenLater();
		}
	}

	private void takeBack(PublishPipe ended) {
		if (!ended.hasConnected()) {
			this.window.takeBack(ended);
		}
	}

	private void reopenLater() {
		if (this.opening) {
			return;
		}
		this.opening = true;
		Duration pause = this.cluster.options().retryPolicy().pause(++this.failures);
		this.cluster.schedule(() -> this.cluster.refresh().whenComplete((metadata, failure) -> post(this::open)),
				pause);
	}

	private void breakSilence() {
		if (this.pipe == null || !this.silence.isTooLong(this.pipe)) {
			return;
		}
		Pending suspect = this.silence.suspect();
		if (suspect != null) {
			hand(suspect, this.pipe);
		}
		else {
			transmitAgain();
		}
		this.cluster.refresh().whenComplete((metadata, failure) -> post(this::checkLeader));
	}

	/** The broker that is silent may have been replaced. */
	private void checkLeader() {
		if (this.pipe != null && this.patience.isTried() && !this.closing
				&& !this.cluster.isLeader(this.pipe, this.options.stream(), this.partition)) {
			abandonPipe("the partition has another leader");
		}
	}

	/** Another stream has stored them in place of the own one. */
	private void elsewhere(List<Pending> stored) {
		if (!stored.isEmpty()) {
			this.patience.reward();
			this.outcomes.decided(stored);
			if (this.probe.answered()) {
				transmit();
			}
		}
	}

	/** Fails messages that waited too long, oldest first. */
	private void sweep() {
		this.sweeping = false;
		long now = System.nanoTime();
		long limit = this.options.ackTimeout().toNanos();
		this.foreign.check(now);
		List<Pending> late = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null
				&& now - oldest.dueSinceNanos() > limit; oldest = this.window.oldest()) {
			if (this.pipe != null && !this.pipe.hasConnected()) {
				// Must not go out after it was said that it did not.
				abandonPipe("no connection so far");
			}
			this.window.remove(oldest.sequence);
			late.add(oldest
				.resolve(Answers.timeout(this.options, oldest, (this.pipe != null) ? null : this.lastFailure)));
		}
		if (!late.isEmpty()) {
			this.outcomes.decided(late);
			if (this.probe.givenUp()) {
				transmit();
			}
		}
		if (this.probe.isVerifying() && this.patience.isStalled() && this.pipe != null && !this.window.hasSpent()) {
			// The broker answers again, but not those from before: they are lost.
			transmitAgain();
		}
		if (!this.window.isEmpty() && !this.closing) {
			breakSilence();
			this.sweeping = true;
			this.cluster.schedule(() -> post(this::sweep), SWEEP_INTERVAL);
		}
	}

	private void end() {
		if (this.closing) {
			return;
		}
		this.closing = true;
		if (this.pipe != null && !this.pipe.hasConnected()) {
			this.pipe.cancel();
			takeBack(this.pipe);
			this.pipe = null;
		}
		this.outcomes.closed();
		if (this.pipe == null) {
			this.ended.complete(null);
			return;
		}
		PipeEvents.end(this.pipe, this.unacknowledgedSent, this.cluster)
			.whenComplete((nothing, failure) -> this.ended.complete(null));
	}

}
