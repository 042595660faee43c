package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import org.jspecify.annotations.Nullable;

/**
 * Delivers message by message.
 */
final class RecordDelivery implements Delivery {

	private final DeliveryContext context;

	private final RecordListener listener;

	private final PartitionRun run;

	private final Positions positions;

	private final Attempts attempts;

	private final FailureFlow failures;

	private final DeliveryMonitor monitor;

	private @Nullable Begun begun;

	RecordDelivery(DeliveryContext context, RecordListener listener, PartitionRun run, Positions positions,
			DeliveryMonitor monitor) {
		this.context = context;
		this.listener = listener;
		this.run = run;
		this.positions = positions;
		this.attempts = new Attempts(context, run, monitor);
		this.failures = new FailureFlow(context, run, monitor);
		this.monitor = monitor;
	}

	@Override
	public int deliver(List<ReceivedMessage<byte[]>> messages) {
		int count = 0;
		try {
			for (ReceivedMessage<byte[]> message : messages) {
				this.run.checkStopped();
				if (isHeldBack() || this.context.isPaused(message) || !deliver(message)) {
					break;
				}
				this.positions.processed(message, 1);
				count++;
			}
			return count;
		}
		finally {
			this.positions.endOfPoll();
		}
	}

	/** Returns {@code false} if there is to be another attempt after a pause. */
	private boolean deliver(ReceivedMessage<byte[]> message) {
		Begun before = this.begun;
		this.begun = null;
		List<Tracked> tracked = (before != null) ? before.tracked() : List.of(this.positions.delivered(message));
		ReceivedMessage<byte[]> original = Redelivery.original(message);
		if (original != message && Redelivery.isOfAnother(message, this.context.cursorId())) {
			this.positions.settled(tracked);
			return true;
		}
		ListenerFailure failure = (before != null) ? before.failure() : null;
		boolean again = false;
		while (true) {
			AttemptContext attempt = AttemptContext.of(this.context, original, failure);
			Outcome outcome = this.attempts.attempt(original, 1,
					this.positions.acknowledgment(original, tracked, false),
					(acknowledgment) -> this.listener.onMessage(original, acknowledgment, attempt));
			if (outcome == Outcome.PROCESSED) {
				if (again) {
					this.monitor.delivering();
				}
				return true;
			}
			again = true;
			failure = handle(outcome, failure, original);
			if (outcome instanceof Outcome.Failed && failure == null) {
				// It was given up and taken care of.
				this.positions.settled(tracked);
				return true;
			}
			if (this.context.isPaused(message)) {
				this.begun = new Begun(tracked, failure);
				this.monitor.delivering();
				return false;
			}
		}
	}

	/** Returns {@code null} if there is no failure, or none any more. */
	private @Nullable ListenerFailure handle(Outcome outcome, @Nullable ListenerFailure before,
			ReceivedMessage<byte[]> message) {
		if (outcome instanceof Outcome.Failed failed) {
			ListenerFailure failure = this.failures.failed(before, List.of(message), failed.cause());
			return this.failures.handle(failure) ? null : failure;
		}
		if (outcome instanceof Outcome.Nacked nacked) {
			this.failures.nacked(List.of(message), nacked.delay());
		}
		return before;
	}

	@Override
	public boolean isHeldBack() {
		return this.begun == null && this.positions.isFull();
	}

	@Override
	public void reset() {
		Begun before = this.begun;
		this.begun = null;
		if (before != null) {
			this.positions.forget(before.tracked());
		}
	}

	/**
	 * The first message that is left, if there were attempts before.
	 *
	 * @param tracked waits to be acknowledged
	 * @param failure the attempts that failed
	 */
	private record Begun(List<Tracked> tracked, @Nullable ListenerFailure failure) {

	}

}
