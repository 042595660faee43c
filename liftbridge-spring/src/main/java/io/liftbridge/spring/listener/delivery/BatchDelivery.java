package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Delivers lists. What cannot be prepared, for instance converted, is taken care of
 * before and alone.
 */
final class BatchDelivery implements Delivery {

	private final BatchListener listener;

	private final PartitionRun run;

	private final Positions positions;

	private final Attempts attempts;

	private final FailureFlow failures;

	private final DeliveryMonitor monitor;

	BatchDelivery(DeliveryContext context, BatchListener listener, PartitionRun run, Positions positions,
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
		ReceivedMessage<byte[]> last = messages.get(messages.size() - 1);
		try {
			List<Prepared> batch = new ArrayList<>(messages.size());
			for (ReceivedMessage<byte[]> message : messages) {
				this.run.checkStopped();
				Object element = prepare(message);
				if (element != null) {
					batch.add(new Prepared(message, element));
				}
			}
			deliver(batch, last);
		}
		finally {
			this.positions.endOfPoll();
		}
	}

	/** Returns {@code null} if the message was taken care of. */
	private @Nullable Object prepare(ReceivedMessage<byte[]> message) {
		ListenerFailure failure = null;
		while (true) {
			try {
				Object element = this.listener.prepare(message);
				if (failure != null) {
					this.monitor.delivering();
				}
				return element;
			}
			catch (Throwable ex) {
				failure = this.failures.failed(failure, List.of(message), ex);
				if (this.failures.handle(failure)) {
					return null;
				}
			}
		}
	}

	/**
	 * Delivers until nothing is left.
	 * @param last the message that is reached then: messages behind the last element may
	 * have been taken care of
	 */
	private void deliver(List<Prepared> batch, ReceivedMessage<byte[]> last) {
		List<Prepared> rest = batch;
		ListenerFailure failure = null;
		while (!rest.isEmpty()) {
			this.run.checkStopped();
			List<Object> elements = rest.stream().map(Prepared::element).toList();
			Throwable cause = this.attempts.attempt(rest.get(0).message(), elements.size(), last,
					(acknowledgment) -> this.listener.onBatch(elements, acknowledgment));
			if (cause == null) {
				if (failure != null) {
					this.monitor.delivering();
				}
				return;
			}
			int index = failedIndex(cause, rest.size());
			if (index > 0) {
				// A new head, with attempts of its own.
				this.positions.givenUp(rest.get(index - 1).message());
				rest = rest.subList(index, rest.size());
				failure = null;
			}
			List<Prepared> failed = (index >= 0) ? rest.subList(0, 1) : rest;
			failure = this.failures.failed(failure, failed.stream().map(Prepared::message).toList(), cause);
			if (this.failures.handle(failure)) {
				this.positions.givenUp(failed.get(failed.size() - 1).message());
				rest = rest.subList(failed.size(), rest.size());
				failure = null;
			}
		}
		this.positions.givenUp(last);
	}

	/** Returns which element failed, -1 for all. */
	private static int failedIndex(Throwable cause, int size) {
		return (cause instanceof BatchListenerFailedException named && named.getIndex() >= 0 && named.getIndex() < size)
				? named.getIndex() : -1;
	}

	/** A message with what the listener made of it. */
	private record Prepared(ReceivedMessage<byte[]> message, Object element) {

	}

}
