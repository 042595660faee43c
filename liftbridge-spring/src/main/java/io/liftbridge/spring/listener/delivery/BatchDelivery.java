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

	private @Nullable Begun begun;

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
	public int deliver(List<ReceivedMessage<byte[]>> messages) {
		try {
			Begun before = this.begun;
			if (isHeldBack() || this.context.isPaused(messages.get(0))) {
				return 0;
			}
			this.begun = null;
			return (before != null) ? deliver(messages.subList(0, before.messages()), before.batch(), before.failure())
					: deliver(messages, prepare(messages), null);
		}
		finally {
			this.positions.endOfPoll();
		}
	}

	private List<Prepared> prepare(List<ReceivedMessage<byte[]>> messages) {
		List<Prepared> batch = new ArrayList<>(messages.size());
		for (ReceivedMessage<byte[]> message : messages) {
			this.run.checkStopped();
			Tracked tracked = this.positions.delivered(message);
			ReceivedMessage<byte[]> original = Redelivery.original(message);
			boolean another = original != message && Redelivery.isOfAnother(message, this.context.cursorId());
			Object element = another ? null : prepare(original);
			if (element != null) {
				batch.add(new Prepared(message, original, element, tracked));
			}
			else {
				this.positions.settled(List.of(tracked));
			}
		}
		return batch;
	}

	/**
	 * Delivers until nothing is left, or the rest is paused.
	 * @param messages what was fetched
	 * @param batch what was prepared of that
	 * @param before the attempts that failed
	 * @return how many of the messages are processed or taken care of
	 */
	private int deliver(List<ReceivedMessage<byte[]>> messages, List<Prepared> batch,
			@Nullable ListenerFailure before) {
		Progress progress = deliverAll(batch, before);
		if (!progress.rest().isEmpty()) {
			int done = messages.indexOf(progress.rest().get(0).message());
			this.begun = new Begun(messages.size() - done, progress.rest(), progress.failure());
			this.monitor.delivering();
			return done;
		}
		// Messages behind the last element may have been taken care of.
		this.positions.processed(messages.get(messages.size() - 1), progress.last() + messages.size() - batch.size());
		return messages.size();
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

	private Progress deliverAll(List<Prepared> batch, @Nullable ListenerFailure before) {
		List<Prepared> rest = batch;
		ListenerFailure failure = before;
		boolean again = false;
		while (!rest.isEmpty()) {
			this.run.checkStopped();
			if (again && this.context.isPaused(rest.get(0).message())) {
				return new Progress(rest, failure, 0);
			}
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
					return Progress.done(acknowledgedAll(rest, failed.cause()));
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
				return Progress.done(rest.size());
			}
			again = true;
		}
		return Progress.done(0);
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

	/**
	 * Returns which element failed, -1 for all. Whoever has called what failed may have
	 * put another exception around it.
	 */
	private static int failedIndex(Throwable failure, int size) {
		Throwable cause = failure;
		// A chain of causes may be a ring.
		for (int depth = 0; cause != null && depth < 100; depth++) {
			if (cause instanceof BatchListenerFailedException named) {
				return (named.getIndex() >= 0 && named.getIndex() < size) ? named.getIndex() : -1;
			}
			cause = cause.getCause();
		}
		return -1;
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

	@Override
	public boolean isHeldBack() {
		return this.begun == null && this.positions.isFull();
	}

	@Override
	public void reset() {
		Begun before = this.begun;
		this.begun = null;
		if (before != null) {
			this.positions.forget(tracked(before.batch()));
		}
	}

	/**
	 * What is left of a batch after attempts.
	 *
	 * @param messages how many of the first messages that are left it stands for
	 * @param batch what was prepared of them
	 * @param failure the attempts that failed
	 */
	private record Begun(int messages, List<Prepared> batch, @Nullable ListenerFailure failure) {

	}

	/**
	 * How far a batch has come.
	 *
	 * @param rest what is left
	 * @param failure the attempts that failed on it
	 * @param last how many elements the last call has processed
	 */
	private record Progress(List<Prepared> rest, @Nullable ListenerFailure failure, int last) {

		static Progress done(int last) {
			return new Progress(List.of(), null, last);
		}

	}

}
