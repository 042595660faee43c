package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	/** Silence after which messages count as lost. */
	private static final Duration PATIENCE = Duration.ofSeconds(3);

	/** The same for the first message of a pipe. */
	private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);

	private final Serial<Object> events = new Serial<>(this::handle);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final int partition;

	private final Consumer<List<Pending>> release;

	private final Window window = new Window();

	private final Deque<Mark> marks = new ArrayDeque<>();

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private @Nullable PublishPipe pipe;

	private boolean opening;

	private boolean sweeping;

	private boolean closing;

	private boolean unacknowledgedSent;

	/**
	 * After a pipe was opened only one message goes out until the broker has answered it:
	 * a broker that has just started, or does not lead yet, silently loses messages, and
	 * what follows would overtake them.
	 */
	private boolean probing;

	private @Nullable Pending probe;

	private long lastProgress;

	private int silences;

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
		this.events.post(new Mark(-1, done));
		return done;
	}

	/** Fails what has no answer and ends the pipe. */
	CompletableFuture<Void> close() {
		this.events.post(Signal.CLOSE);
		return this.ended;
	}

	private void handle(Object event) {
		try {
			if (event instanceof Pending pending) {
				accept(pending);
			}
			else if (event instanceof Responses responses) {
				answered(responses.list);
			}
			else if (event instanceof Mark mark) {
				this.marks.add(new Mark(this.window.next(), mark.done));
				reachMarks();
			}
			else if (event instanceof Closed closed) {
				pipeClosed(closed);
			}
			else if (event == Signal.OPEN) {
				open();
			}
			else if (event == Signal.SWEEP) {
				sweep();
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
			this.release.accept(List.of(pending.resolve(closedFailure(pending))));
			return;
		}
		if (this.window.isEmpty()) {
			this.lastProgress = pending.startNanos;
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
			this.cluster.schedule(() -> this.events.post(Signal.SWEEP), SWEEP_INTERVAL);
		}
	}

	/** Hands everything that the present pipe has not seen to it. */
	private void transmit() {
		List<Pending> done = null;
		PublishPipe to = this.pipe;
		for (Pending next = this.window.nextToTransmit(); next != null
				&& to != null; next = this.window.nextToTransmit()) {
			PublishRequest request = next.request.setCorrelationId(Long.toString(next.sequence)).build();
			to.send(request);
			next.sent = true;
			if (!next.acknowledged) {
				this.unacknowledgedSent = true;
				this.window.remove(next.sequence);
				done = (done != null) ? done : new ArrayList<>();
				done.add(next.resolve(new Ack(this.options.stream(), next.partition, -1, AckPolicy.NONE, 0, 0)));
			}
		}
		if (done != null) {
			this.release.accept(done);
			reachMarks();
		}
	}

	private @Nullable Pending nextToTransmit() {
		if (!this.probing) {
			return this.window.nextToTransmit();
		}
		if (this.probe != null) {
			return null;
		}
		Pending next = this.window.nextToTransmit();
		if (next != null && next.acknowledged) {
			this.probe = next;
		}
		return next;
	}

	/** Sends the oldest message again and, once it is answered, all others. */
	private void transmitAgain() {
		this.window.transmitAgain();
		this.probing = true;
		this.probe = null;
		this.lastProgress = System.nanoTime();
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
			if (!response.hasAsyncError()) {
				this.window.remove(pending.sequence);
				done.add(pending.resolve(WirePolicy.of(response.getAck(), this.options.stream(), pending.partition)));
			}
			else if (Answers.isTransient(response.getAsyncError(), this.cluster)) {
				retry = true;
			}
			else {
				this.window.remove(pending.sequence);
				done.add(pending.resolve(Answers.failure(response.getAsyncError(), this.options.stream(),
						pending.partition, pending.bytes)));
			}
		}
		if (!done.isEmpty()) {
			this.lastProgress = System.nanoTime();
			this.silences = 0;
			this.failures = retry ? this.failures : 0;
			this.release.accept(done);
			reachMarks();
		}
		if (retry) {
			// The broker does not know the stream yet: what follows would overtake.
			abandonPipe("the broker is starting and does not know the stream yet");
		}
		else if (this.probe != null && this.window.get(this.probe.sequence) == null) {
			this.probing = false;
			this.probe = null;
			transmit();
		}
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
		PipeListener listener = new PipeListener();
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

	private void pipeClosed(Closed closed) {
		if (closed.listener.pipe != this.pipe || this.pipe == null) {
			if (this.closing) {
				this.ended.complete(null);
			}
			return;
		}
		this.pipe = null;
		this.lastFailure = closed.status.toString();
		if (this.closing) {
			this.ended.complete(null);
			return;
		}
		if (closed.status.code() == RpcStatus.Code.RESOURCE_EXHAUSTED) {
			failTooLarge(closed.status);
		}
		failConditional(closed.status.toString());
		if (this.window.isEmpty()) {
			logger.debug("Stream '{}' partition {}: publishing pipe ended: {}", this.options.stream(), this.partition,
					closed.status);
			return;
		}
		logger.info("Stream '{}' partition {}: publishing interrupted ({}); {} messages will be sent again",
				this.options.stream(), this.partition, closed.status, this.window.size());
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
			reachMarks();
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
			reachMarks();
		}
	}

	private void abandonPipe(String why) {
		PublishPipe old = this.pipe;
		this.pipe = null;
		this.lastFailure = why;
		if (old != null) {
			old.cancel();
		}
		reopenLater();
	}

	private void reopenLater() {
		if (this.opening) {
			return;
		}
		this.opening = true;
		Duration pause = Duration.ofMillis(Backoff.DEFAULT.millis(++this.failures));
		this.cluster.schedule(
				() -> this.cluster.refresh().whenComplete((metadata, failure) -> this.events.post(Signal.OPEN)), pause);
	}

	/**
	 * A broker that accepts messages but answers none has lost them: its partition has no
	 * leader at the moment. They are sent again, at growing intervals.
	 */
	private void breakSilence() {
		long silent = System.nanoTime() - this.lastProgress;
		Duration patience = (this.probing ? PROBE_PATIENCE : PATIENCE).multipliedBy(1L << Math.min(this.silences, 3));
		Pending oldest = this.window.oldest();
		if (this.pipe == null || silent < patience.toNanos() || oldest == null || !oldest.sent) {
			return;
		}
		this.silences++;
		failConditional("no answer for " + Duration.ofNanos(silent).toMillis() + " ms");
		logger.info("Stream '{}' partition {}: no acknowledgement for {} ms, sending {} messages again",
				this.options.stream(), this.partition, Duration.ofNanos(silent).toMillis(), this.window.size());
		transmitAgain();
	}

	/** Fails messages that waited too long, oldest first. */
	private void sweep() {
		this.sweeping = false;
		long now = System.nanoTime();
		long limit = this.options.ackTimeout().toNanos();
		List<Pending> late = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null
				&& now - oldest.startNanos > limit; oldest = this.window.oldest()) {
			this.window.remove(oldest.sequence);
			late.add(oldest
				.resolve(Answers.timeout(this.options, oldest, (this.pipe != null) ? null : this.lastFailure)));
		}
		if (!late.isEmpty()) {
			this.release.accept(late);
			reachMarks();
		}
		if (!this.window.isEmpty() && !this.closing) {
			breakSilence();
			this.sweeping = true;
			this.cluster.schedule(() -> this.events.post(Signal.SWEEP), SWEEP_INTERVAL);
		}
	}

	private void reachMarks() {
		Pending oldest = this.window.oldest();
		for (Mark mark = this.marks.peek(); mark != null
				&& (oldest == null || oldest.sequence >= mark.sequence); mark = this.marks.peek()) {
			this.marks.remove();
			mark.done.complete(null);
		}
	}

	private void end() {
		if (this.closing) {
			return;
		}
		this.closing = true;
		List<Pending> rest = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null; oldest = this.window.oldest()) {
			this.window.remove(oldest.sequence);
			rest.add(oldest.resolve(closedFailure(oldest)));
		}
		if (!rest.isEmpty()) {
			this.release.accept(rest);
		}
		reachMarks();
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

	private LiftbridgeException closedFailure(Pending pending) {
		return new ClientClosedException(
				"The producer for stream '" + this.options.stream() + "' was closed before the message to partition "
						+ pending.partition + " was acknowledged."
						+ (pending.sent ? " It may be stored all the same." : " It was not sent."),
				null, pending.sent ? Outcome.INDETERMINATE : Outcome.NOT_SENT);
	}

	private enum Signal {

		OPEN, SWEEP, CLOSE

	}

	private record Responses(List<PublishResponse> list) {
	}

	private record Mark(long sequence, CompletableFuture<Void> done) {
	}

	private record Closed(PipeListener listener, RpcStatus status) {
	}

	private final class PipeListener implements PublishPipe.Listener {

		private volatile @Nullable PublishPipe pipe;

		@Override
		public void onResponses(List<PublishResponse> responses) {
			Lane.this.events.post(new Responses(responses));
		}

		@Override
		public void onClosed(RpcStatus status) {
			Lane.this.events.post(new Closed(this, status));
		}

	}

}
