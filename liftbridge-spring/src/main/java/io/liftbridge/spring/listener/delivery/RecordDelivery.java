package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * Delivers message by message.
 */
final class RecordDelivery implements Delivery {

	private final DeliveryContext context;

	private final RecordListener listener;

	private final PartitionRun run;

	private final Positions positions;

	private final FailureFlow failures;

	private final DeliveryMonitor monitor;

	RecordDelivery(DeliveryContext context, RecordListener listener, PartitionRun run, Positions positions,
			DeliveryMonitor monitor) {
		this.context = context;
		this.listener = listener;
		this.run = run;
		this.positions = positions;
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
			Throwable cause = attempt(message);
			if (cause == null) {
				if (failure != null) {
					this.monitor.delivering();
				}
				return;
			}
			failure = this.failures.failed(failure, List.of(message), cause);
			if (this.failures.handle(failure)) {
				this.positions.givenUp(message.offset());
				return;
			}
		}
	}

	/** Returns why it failed, {@code null} if it did not. */
	private @Nullable Throwable attempt(ReceivedMessage<byte[]> message) {
		Acknowledgment acknowledgment = this.positions.acknowledgment(message.offset());
		long start = System.nanoTime();
		try {
			this.run.await(this.listener.onMessage(message, acknowledgment), this.context.shutdownTimeout());
		}
		catch (DeliveryStoppedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			this.positions.failed(acknowledgment);
			return ex;
		}
		this.context.metrics().processed(this.context.listenerId(), message.stream(), 1, System.nanoTime() - start);
		this.positions.succeeded(message.offset(), acknowledgment);
		return null;
	}

}
