package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Backoff;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Serial;
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
final class Lane {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final Duration SWEEP_INTERVAL = Duration.ofMillis(250);

	private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

	/** How long the own stream may answer later than another one on its subject. */
	private static final Duration FOREIGN_GRACE = Duration.ofMillis(200);

	private final Serial<Object> events = new Serial<>(this::handle);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final int partition;

	private final Consumer<List<Pending>> release;

	private final Window window = new Window();

	private final Patience patience = new Patience();

	private final Probe probe = new Probe(this.window);

	private final Marks marks = new Marks(this.window);

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private @Nullable PublishPipe pipe;

	private boolean opening;

	private boolean sweeping;

	private boolean closing;

	private boolean unacknowledgedSent;

	private boolean foreignAnswers;

	private int failures;

	private @Nullable String lastFailure;

	Lane(Cluster cluster, ProducerOptions options, int partition, Consumer<List<Pending>> release) {
		this.cluster = cluster;
		this.options = options;
		this.partition = partition;
		this.release = release;
	}

	void send(Pending pending) {
		this.events.post(pending);
	}

	CompletableFuture<Void> flushed() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.events.post(new PipeEvents.Mark(done));
		return done;
	}

	/** Fails what has no answer and ends the pipe. */
	CompletableFuture<Void> close() {
		this.events.post(PipeEvents.Signal.CLOSE);
		return this.ended;
	}

	private void handle(Object event) {
		try {
			if (event instanceof Pending pending) {
				accept(pending);
			}
			else if (event instanceof PipeEvents.Responses responses) {
				answered(responses.list());
			}
			else if (event instanceof PipeEvents.Mark mark) {
				this.marks.add(mark.done());
			}
			else if (event instanceof PipeEvents.Closed closed) {
				pipeClosed(closed);
			}
			else if (event == PipeEvents.Signal.OPEN) {
				open();
			}
			else if (event == PipeEvents.Signal.SWEEP) {
				sweep();
			}
			else if (event == PipeEvents.Signal.READY) {
				transmit();
			}
			else if (event == PipeEvents.Signal.CHECK_LEADER) {
				checkLeader();
			}
			else {
				end();
			}
		}
		catch (Throwable ex) {
			// Must not leave the lane half-way: the sweep finds what is left behind.
			logger.error("Stream '{}' partition {}: unexpected failure", this.options.stream(), this.partition, ex);
		}
	}

	private void accept(Pending pending) {
		if (this.closing) {
			this.release.accept(List.of(pending.resolve(Answers.closed(this.options.stream(), pending))));
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
			this.cluster.schedule(() -> this.events.post(PipeEvents.Signal.SWEEP), SWEEP_INTERVAL);
		}
	}

	/** Hands everything that the present pipe has not seen to it. */
	private void transmit() {
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
				done.add(next.resolve(new Ack(this.options.stream(), next.partition, -1, AckPolicy.NONE, 0, 0)));
			}
		}
		if (done != null) {
			this.release.accept(done);
			this.marks.reach();
		}
	}

	private static void hand(Pending pending, PublishPipe to) {
		to.send(pending.request.setCorrelationId(Long.toString(pending.sequence)).build());
		if (!pending.sent) {
			pending.sent = true;
			pending.sentTo = to;
		}
	}

	/** Sends the oldest message again and, once it is answered, all others. */
	private void transmitAgain() {
		this.probe.begin();
		this.patience.restart();
		transmit();
	}

	private void answered(List<PublishResponse> responses) {
		List<Pending> done = new ArrayList<>(responses.size());
		boolean retry = false;
		for (PublishResponse response : responses) {
			String id = response.getCorrelationId();
			Pending pending = this.window.get(parse(id));
			if (pending == null) {
				Answers.logUnmatched(this.options.stream(), this.partition, response);
				continue;
			}
			if (!response.hasAsyncError() && isForeign(response)) {
				pending
					.resolveForeign(WirePolicy.of(response.getAck(), response.getAck().getStream(), pending.partition));
				this.foreignAnswers = true;
			}
			else if (!response.hasAsyncError()) {
				this.window.remove(pending.sequence);
				done.add(pending.resolve(WirePolicy.of(response.getAck(), this.options.stream(), pending.partition)));
			}
			else if (Answers.isTransient(response.getAsyncError(), this.cluster)) {
				retry = true;
				if (pending.sentTo == this.pipe) {
					// An earlier pipe may have carried it to where it was stored.
					pending.sent = false;
					pending.sentTo = null;
				}
			}
			else {
				this.window.remove(pending.sequence);
				done.add(pending.resolve(Answers.failure(response.getAsyncError(), this.options.stream(),
						pending.partition, pending.bytes)));
			}
		}
		if (!done.isEmpty()) {
			this.patience.reward();
			this.failures = retry ? this.failures : 0;
			this.release.accept(done);
			this.marks.reach();
		}
		if (retry) {
			// The broker does not know the stream yet: what follows would overtake.
			abandonPipe("the broker is starting and does not know the stream yet");
		}
		else if (this.probe.answered()) {
			transmit();
		}
	}

	/** All streams on a subject store a message and answer; the first is any of them. */
	private boolean isForeign(PublishResponse response) {
		String by = response.getAck().getStream();
		return !by.isEmpty() && !by.equals(this.options.stream());
	}

	private static long parse(String id) {
		try {
			return Long.parseLong(id);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private void open() {
		this.opening = false;
		if (this.pipe != null || this.window.isEmpty() || this.cluster.isClosed()) {
			return;
		}
		PipeEvents listener = new PipeEvents(this.events);
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

	private void pipeClosed(PipeEvents.Closed closed) {
		if (closed.listener().pipe != this.pipe || this.pipe == null) {
			if (this.closing) {
				this.ended.complete(null);
			}
			return;
		}
		takeBack(this.pipe);
		this.pipe = null;
		this.lastFailure = closed.status().toString();
		if (this.closing) {
			this.ended.complete(null);
			return;
		}
		if (closed.status().is(RpcStatus.Code.RESOURCE_EXHAUSTED, "larger than max")) {
			failTooLarge(closed.status());
		}
		failConditional(closed.status().toString());
		if (this.window.isEmpty()) {
			logger.debug("Stream '{}' partition {}: publishing pipe ended: {}", this.options.stream(), this.partition,
					closed.status());
			return;
		}
		// Once an outage, not with each attempt to end it.
		logger.atLevel((this.failures == 0) ? Level.INFO : Level.DEBUG)
			.log("Stream '{}' partition {}: publishing interrupted ({}); {} messages will be sent again",
					this.options.stream(), this.partition, closed.status(), this.window.size());
		reopenLater();
	}

	/**
	 * A message over the server's inbound limit ended the call: it must not come again.
	 */
	private void failTooLarge(RpcStatus status) {
		Pending largest = this.window.largestSent();
		if (largest != null) {
			this.window.remove(largest.sequence);
			this.release.accept(List.of(largest.resolve(
					Answers.tooLarge(status.toString(), this.options.stream(), largest.partition, largest.bytes))));
			this.marks.reach();
		}
	}

	/**
	 * A message that expects an offset must not be sent twice: if the first one was
	 * stored, the second would be refused and nobody could tell.
	 */
	private void failConditional(String why) {
		List<Pending> doubtful = this.window.removeSentConditional();
		if (!doubtful.isEmpty()) {
			doubtful.forEach((pending) -> pending
				.resolve(Answers.connectionLost(this.options.stream(), pending.partition, why)));
			this.release.accept(doubtful);
			this.marks.reach();
		}
	}

	private void abandonPipe(String why) {
		PublishPipe old = this.pipe;
		this.pipe = null;
		this.lastFailure = why;
		if (old != null) {
			old.cancel();
			takeBack(old);
		}
		failConditional(why);
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
		Duration pause = Duration.ofMillis(Backoff.DEFAULT.millis(++this.failures));
		this.cluster.schedule(() -> this.cluster.refresh()
			.whenComplete((metadata, failure) -> this.events.post(PipeEvents.Signal.OPEN)), pause);
	}

	/**
	 * A broker that accepts messages but answers none has lost them: its partition has no
	 * leader at the moment. They are sent again, at growing intervals.
	 */
	private void breakSilence() {
		if (this.pipe == null || !this.pipe.hasConnected() || !this.patience.isExhausted(this.probe.isActive())
				|| this.window.hasSentConditional()) {
			return;
		}
		logger.info("Stream '{}' partition {}: no acknowledgement for {} ms, {} messages wait", this.options.stream(),
				this.partition, this.patience.silentMillis(), this.window.size());
		boolean first = this.probe.isActive();
		this.patience.extend();
		if (first) {
			transmitAgain();
		}
		else {
			Pending oldest = this.probe.suspect();
			if (oldest != null) {
				hand(oldest, this.pipe);
			}
		}
		this.cluster.refresh().whenComplete((metadata, failure) -> this.events.post(PipeEvents.Signal.CHECK_LEADER));
	}

	/** The broker that is silent may have been replaced. */
	private void checkLeader() {
		if (this.pipe != null && this.patience.isTried() && !this.closing
				&& !this.cluster.isLeader(this.pipe, this.options.stream(), this.partition)) {
			abandonPipe("the partition has another leader");
		}
	}

	/**
	 * Only another stream answered: it has stored the message in place of the own one.
	 */
	private void resolveForeign(long now) {
		List<Pending> done = this.window.removeForeign(now - FOREIGN_GRACE.toNanos());
		if (!done.isEmpty()) {
			this.patience.reward();
			this.release.accept(done);
			this.marks.reach();
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
		if (this.foreignAnswers) {
			resolveForeign(now);
		}
		List<Pending> late = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null
				&& now - oldest.startNanos > limit; oldest = this.window.oldest()) {
			if (this.pipe != null && !this.pipe.hasConnected()) {
				// Must not go out after it was said that it did not.
				abandonPipe("no connection so far");
			}
			this.window.remove(oldest.sequence);
			late.add(oldest
				.resolve(Answers.timeout(this.options, oldest, (this.pipe != null) ? null : this.lastFailure)));
		}
		if (!late.isEmpty()) {
			this.release.accept(late);
			this.marks.reach();
			if (this.probe.givenUp()) {
				transmit();
			}
		}
		if (this.probe.isVerifying() && this.patience.isStalled() && this.pipe != null) {
			// The broker answers again, but not those from before: they are lost.
			transmitAgain();
		}
		if (!this.window.isEmpty() && !this.closing) {
			breakSilence();
			this.sweeping = true;
			this.cluster.schedule(() -> this.events.post(PipeEvents.Signal.SWEEP), SWEEP_INTERVAL);
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
		List<Pending> rest = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null; oldest = this.window.oldest()) {
			this.window.remove(oldest.sequence);
			rest.add(oldest.resolve(Answers.closed(this.options.stream(), oldest)));
		}
		if (!rest.isEmpty()) {
			this.release.accept(rest);
		}
		this.marks.reach();
		if (this.pipe == null) {
			this.ended.complete(null);
			return;
		}
		PublishPipe last = this.pipe;
		last.halfClose();
		if (this.unacknowledgedSent) {
			// Cancelling could lose messages that nobody answers: give the server a
			// moment.
			this.cluster.schedule(() -> {
				last.cancel();
				this.ended.complete(null);
			}, END_TIMEOUT);
		}
		else {
			// The server may keep the call open for five seconds although all is
			// answered.
			last.cancel();
			this.ended.complete(null);
		}
	}

}
