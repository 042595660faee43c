package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Delivers message by message.
 */
final class RecordDelivery implements Delivery {

	private final RecordListener listener;

	private final PartitionRun run;

	private final Positions positions;

	private final Attempts attempts;

	private final FailureFlow failures;

	private final DeliveryMonitor monitor;

	RecordDelivery(DeliveryContext context, RecordListener listener, PartitionRun run, Positions positions,
			DeliveryMonitor monitor) {
		this.listener = listener;
		this.run = run;
		this.positions = positions;
		this.attempts = new Attempts(context, run, positions, monitor);
		this.failures = new FailureFlow(context, run, monitor);
		this.monitor = monitor;
	}

	@Override
	public void deliver(List<ReceivedMessage<byte[]>> messages) {
		try {
			for (ReceivedMessage<byte[]> message : messages) {
				this.run.checkStopped();
				deliver(message);
			}
		}
		finally {
			this.positions.endOfPoll();
		}
	}

	private void deliver(ReceivedMessage<byte[]> message) {
		ListenerFailure failure = null;
		while (true) {
			Throwable cause = this.attempts.attempt(message, 1, message,
					(acknowledgment) -> this.listener.onMessage(message, acknowledgment));
			if (cause == null) {
				if (failure != null) {
					this.monitor.delivering();
				}
				return;
			}
			failure = this.failures.failed(failure, List.of(message), cause);
			if (this.failures.handle(failure)) {
				this.positions.givenUp(message);
				return;
			}
		}
	}

}
