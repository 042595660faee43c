package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;

import io.liftbridge.spring.listener.delivery.DeliveryMonitor;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.listener.delivery.ListenerFailure;
import org.jspecify.annotations.Nullable;

/**
 * How a partition fares: its way from the broker, and that of its messages through the
 * listener. The first comes first, because without it there is no second.
 */
final class PartitionHealth implements DeliveryMonitor {

	private static final View LIVE = new View(PartitionState.LIVE, null, Instant.EPOCH);

	private final OutageLog log;

	private final String stream;

	private final int partition;

	private volatile View link = new View(PartitionState.STARTING, null, Instant.now());

	private volatile View work = LIVE;

	PartitionHealth(OutageLog log, String stream, int partition) {
		this.log = log;
		this.stream = stream;
		this.partition = partition;
	}

	@Override
	public void retrying(ListenerFailure failure, Duration pause) {
		this.work = new View(PartitionState.RETRYING, failure + ": " + FailureText.of(failure.cause()), Instant.now());
	}

	@Override
	public void recovering(ListenerFailure failure, Throwable problem) {
		View before = this.work;
		Instant since = (before.state() == PartitionState.RECOVERING) ? before.since() : Instant.now();
		this.work = new View(PartitionState.RECOVERING,
				failure + " cannot be put in safety: " + FailureText.of(problem), since);
	}

	@Override
	public void replying(String reason) {
		View before = this.work;
		Instant since = (before.state() == PartitionState.REPLYING) ? before.since() : Instant.now();
		this.work = new View(PartitionState.REPLYING, reason, since);
	}

	@Override
	public void delivering() {
		this.work = LIVE;
	}

	@Override
	public void cursorFailed(String reason) {
		this.log.note(OutageLog.Kind.CURSOR_FAILED, this.stream, this.partition, reason);
	}

	@Override
	public void cursorStored() {
		this.log.note(OutageLog.Kind.CURSOR_STORED, this.stream, this.partition, null);
	}

	/** Returns whether this is a change. */
	boolean link(PartitionState state, @Nullable String error) {
		View before = this.link;
		boolean changed = before.state() != state;
		this.link = new View(state, error, changed ? Instant.now() : before.since());
		return changed;
	}

	PartitionState link() {
		return this.link.state();
	}

	/** Whether it has been delivered since it was given to the listener. */
	boolean hasBegun() {
		return link() != PartitionState.STARTING && link() != PartitionState.WAITING;
	}

	View view() {
		View way = this.link;
		View messages = this.work;
		if (way.state() != PartitionState.LIVE || messages == LIVE) {
			return way;
		}
		return messages;
	}

	/**
	 * What to show.
	 *
	 * @param state the state
	 * @param error what is wrong, if anything is
	 * @param since since when
	 */
	record View(PartitionState state, @Nullable String error, Instant since) {

	}

}
