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
	public void deliver(List<ReceivedMessage<byte[]>> messages) {
		try {
			for (ReceivedMessage<byte[]> message : messages) {
				this.run.checkStopped();
				List<Tracked> tracked = List.of(this.positions.delivered(message));
				if (Redelivery.isOfAnother(message, this.context.cursorId()) || !deliver(message, tracked)) {
					this.positions.settled(tracked);
				}
				this.positions.processed(message, 1);
			}
		}
		finally {
			this.positions.endOfPoll();
		}
	}

	/** Returns {@code false} if the message was given up and taken care of. */
	private boolean deliver(ReceivedMessage<byte[]> message, List<Tracked> tracked) {
		ReceivedMessage<byte[]> original = Redelivery.original(message);
		ListenerFailure failure = null;
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

}
