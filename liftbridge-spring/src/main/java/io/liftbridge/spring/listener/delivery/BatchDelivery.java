package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers lists. What cannot be prepared, for instance converted, is taken care of
 * before and alone.
 */
final class BatchDelivery implements Delivery {

	private static final Logger logger = LoggerFactory.getLogger(BatchDelivery.class);

	private final DeliveryContext context;

	private final BatchListener listener;

	private final PartitionRun run;

	private final Positions positions;

	private final Attempts attempts;

	private final FailureFlow failures;

	private final DeliveryMonitor monitor;

	BatchDelivery(DeliveryContext context, BatchListener listener, PartitionRun run, Positions positions,
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
			List<Prepared> batch = new ArrayList<>(messages.size());
			for (ReceivedMessage<byte[]> message : messages) {
				this.run.checkStopped();
				Tracked tracked = this.positions.delivered(message);
				ReceivedMessage<byte[]> original = Redelivery.original(message);
				Object element = Redelivery.isOfAnother(message, this.context.cursorId()) ? null : prepare(original);
				if (element != null) {
					batch.add(new Prepared(message, original, element, tracked));
				}
				else {
					this.positions.settled(List.of(tracked));
				}
			}
			int left = deliverAll(batch);
			// Messages behind the last element may have been taken care of.
			this.positions.processed(messages.get(messages.size() - 1), left + messages.size() - batch.size());
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
	 * @return how many elements the last call has processed
	 */
	private int deliverAll(List<Prepared> batch) {
		List<Prepared> rest = batch;
		ListenerFailure failure = null;
		boolean again = false;
		while (!rest.isEmpty()) {
			this.run.checkStopped();
			Outcome outcome = call(rest, failure);
			if (outcome instanceof Outcome.Nacked nacked) {
				// A new head has attempts of its own.
				failure = (nacked.index() > 0) ? null : failure;
				rest = behind(rest, nacked.index());
				this.failures.nacked(messages(rest), nacked.delay());
			}
			else if (outcome instanceof Outcome.Failed failed) {
				int named = failedIndex(failed.cause(), rest.size());
				int done = Math.max(Math.max(named, 0), failed.acknowledged());
				if (done == rest.size()) {
					return acknowledgedAll(rest, failed.cause());
				}
				failure = (done > 0) ? null : failure;
				rest = behind(rest, done);
				List<Prepared> failing = (named == done) ? rest.subList(0, 1) : rest;
				failure = this.failures.failed(failure, messages(failing), failed.cause());
				if (this.failures.handle(failure)) {
					failure = null;
					rest = behind(rest, failing.size());
				}
			}
			else {
				if (again) {
					this.monitor.delivering();
				}
				return rest.size();
			}
			again = true;
		}
		return 0;
	}

	private Outcome call(List<Prepared> batch, @Nullable ListenerFailure before) {
		List<Object> elements = batch.stream().map(Prepared::element).toList();
		ReceivedMessage<byte[]> first = batch.get(0).original();
		AttemptContext attempt = AttemptContext.of(this.context, first, before);
		return this.attempts.attempt(first, elements.size(), this.positions.acknowledgment(first, tracked(batch), true),
				(acknowledgment) -> this.listener.onBatch(elements, acknowledgment, attempt));
	}

	/** What is left behind elements that are processed or taken care of. */
	private List<Prepared> behind(List<Prepared> batch, int count) {
		if (count > 0) {
			this.positions.settled(tracked(batch.subList(0, count)));
			this.positions.processed(batch.get(count - 1).message(), count);
		}
		return batch.subList(count, batch.size());
	}

	/** Nothing is left that could be delivered again. */
	private int acknowledgedAll(List<Prepared> batch, Throwable cause) {
		ListenerFailure failure = this.failures.failed(null, messages(batch), cause);
		logger.warn("Listener '{}' failed on {} after it had acknowledged each element; nothing comes again: {}",
				this.context.listenerId(), failure, FailureText.of(cause));
		this.monitor.delivering();
		return batch.size();
	}

	/** Returns which element failed, -1 for all. */
	private static int failedIndex(Throwable cause, int size) {
		return (cause instanceof BatchListenerFailedException named && named.getIndex() >= 0 && named.getIndex() < size)
				? named.getIndex() : -1;
	}

	private static List<Tracked> tracked(List<Prepared> batch) {
		return batch.stream().map(Prepared::tracked).toList();
	}

	private static List<ReceivedMessage<byte[]>> messages(List<Prepared> batch) {
		return batch.stream().map(Prepared::original).toList();
	}

	/**
	 * A message with what the listener made of it.
	 *
	 * @param message as it was read
	 * @param original as it was before it was redelivered
	 * @param element what the listener receives
	 * @param tracked waits to be acknowledged
	 */
	private record Prepared(ReceivedMessage<byte[]> message, ReceivedMessage<byte[]> original, Object element,
			Tracked tracked) {

	}

}
