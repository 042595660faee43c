package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens after a failure: a pause and another attempt, or recovery, which has to
 * succeed before anything else.
 */
final class FailureFlow {

	private static final Logger logger = LoggerFactory.getLogger(FailureFlow.class);

	/** A publication on its way may finish when the container stops. */
	private static final Duration RECOVERY_GRACE = Duration.ofSeconds(2);

	private final DeliveryContext context;

	private final PartitionRun run;

	private final DeliveryMonitor monitor;

	FailureFlow(DeliveryContext context, PartitionRun run, DeliveryMonitor monitor) {
		this.context = context;
		this.run = run;
		this.monitor = monitor;
	}

	/**
	 * Notes a failed attempt.
	 * @return the failure with all its attempts
	 */
	ListenerFailure failed(@Nullable ListenerFailure before, List<ReceivedMessage<byte[]>> messages, Throwable cause) {
		// Whatever fails while the container stops is delivered again after the next
		// start.
		this.run.checkStopped();
		this.context.metrics().failed(this.context.listenerId(), stream(messages), cause);
		if (cause instanceof Error) {
			logger.error("Listener '{}' threw an error", this.context.listenerId(), cause);
		}
		if (before != null) {
			before.again(messages, cause);
			return before;
		}
		return new ListenerFailure(this.context.listenerId(), this.context.cursorId(), messages, cause);
	}

	/** Waits before messages are delivered that the listener wants again. */
	void nacked(List<ReceivedMessage<byte[]>> messages, Duration delay) {
		ListenerFailure failure = new ListenerFailure(this.context.listenerId(), this.context.cursorId(), messages,
				new NegativelyAcknowledgedException(delay));
		logger.debug("Listener '{}': {}, {}", this.context.listenerId(), failure, failure.cause().getMessage());
		this.monitor.retrying(failure, delay);
		this.run.pause(delay);
		this.context.metrics().retried(this.context.listenerId(), stream(messages));
	}

	/**
	 * Does what the error handler decides.
	 * @return {@code true} if the messages are given up and taken care of, {@code false}
	 * if they are to be delivered again, after the pause that has passed
	 */
	boolean handle(ListenerFailure failure) {
		ErrorAction action = decide(failure);
		if (action instanceof ErrorAction.Retry retry) {
			logger.warn("Listener '{}' failed on {} in attempt {}, next attempt in {} ms: {}",
					this.context.listenerId(), failure, failure.attempts(), retry.pause().toMillis(),
					FailureText.of(failure.cause()));
			logger.debug("The failure", failure.cause());
			this.monitor.retrying(failure, retry.pause());
			this.run.pause(retry.pause());
			this.context.metrics().retried(this.context.listenerId(), stream(failure.messages()));
			return false;
		}
		if (action instanceof ErrorAction.Stop) {
			this.context.stopper().accept(new ListenerStoppedException(failure));
			throw new DeliveryStoppedException();
		}
		logger.debug("Giving up {}", failure, failure.cause());
		failure.messages().forEach((message) -> count(message, recover(message, failure)));
		this.monitor.delivering();
		return true;
	}

	private void count(ReceivedMessage<byte[]> message, @Nullable Object recovered) {
		if (recovered instanceof Ack) {
			this.context.metrics().deadLettered(this.context.listenerId(), message.stream());
		}
		else if (recovered instanceof DelayedRetry) {
			this.context.metrics().retried(this.context.listenerId(), message.stream());
		}
		else {
			this.context.metrics().passedOver(this.context.listenerId(), message.stream());
		}
	}

	private ErrorAction decide(ListenerFailure failure) {
		try {
			return this.context.errorHandler().onFailure(failure);
		}
		catch (RuntimeException | Error ex) {
			logger.error("The error handler of listener '{}' failed on {}; the message is tried again",
					this.context.listenerId(), failure, ex);
			return ErrorAction.retry(this.context.maxRecoveryPause());
		}
	}

	private @Nullable Object recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		RecoveryPause pauses = new RecoveryPause(this.context.maxRecoveryPause());
		boolean reported = false;
		while (true) {
			try {
				AtomicReference<CompletableFuture<?>> begun = new AtomicReference<>();
				// It may block, for instance to create a stream.
				this.run.aside(() -> begun.set(beginRecovery(message, failure)));
				CompletableFuture<?> done = begun.get();
				this.run.awaitAside(done, RECOVERY_GRACE);
				return (done != null) ? done.join() : null;
			}
			catch (DeliveryStoppedException ex) {
				throw ex;
			}
			catch (Throwable ex) {
				this.run.checkStopped();
				this.monitor.recovering(failure, ex);
				if (!reported) {
					reported = true;
					logger.warn(
							"Listener '{}' cannot put {}/{}@{} in safety, trying again while the partition waits: {}",
							this.context.listenerId(), message.stream(), message.partition(), message.offset(),
							FailureText.of(ex));
				}
				this.run.pause(pauses.next());
			}
		}
	}

	private CompletableFuture<?> beginRecovery(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		try {
			return this.context.errorHandler().recover(message, failure);
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static String stream(List<ReceivedMessage<byte[]>> messages) {
		return messages.get(0).stream();
	}

}
