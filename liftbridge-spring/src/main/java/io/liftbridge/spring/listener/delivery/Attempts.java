package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener and waits for what it began. A result that cannot be sent for want
 * of its stream is no failure of the message: the partition waits until it can be.
 */
final class Attempts {

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	private final DeliveryContext context;

	private final PartitionRun run;

	private final DeliveryMonitor monitor;

	Attempts(DeliveryContext context, PartitionRun run, DeliveryMonitor monitor) {
		this.context = context;
		this.run = run;
		this.monitor = monitor;
	}

	/**
	 * Makes one attempt.
	 * @param first the first message
	 * @param count how many there are
	 * @param acknowledgment what the listener is given
	 * @param call calls the listener
	 * @return how it went
	 */
	Outcome attempt(ReceivedMessage<byte[]> first, int count, CallAcknowledgment acknowledgment, Call call) {
		long start = System.nanoTime();
		try {
			await(first, call.invoke(acknowledgment));
		}
		catch (DeliveryStoppedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			return new Outcome.Failed(ex, acknowledgment.failed());
		}
		Outcome outcome = acknowledgment.succeeded();
		if (outcome == Outcome.PROCESSED) {
			this.context.metrics()
				.processed(this.context.listenerId(), first.stream(), count, System.nanoTime() - start);
		}
		return outcome;
	}

	private void await(ReceivedMessage<byte[]> message, @Nullable CompletableFuture<?> result) throws Throwable {
		try {
			this.run.await(result, this.context.shutdownTimeout());
		}
		catch (ReplyNotSentException ex) {
			String place = message.stream() + "/" + message.partition() + "@" + message.offset();
			logger.warn("Listener '{}' cannot send its reply to {}, trying again while the partition waits: {}",
					this.context.listenerId(), place, ex.getMessage());
			sendAgain(place, ex);
			this.monitor.delivering();
		}
	}

	/** Until it succeeds; the listener has returned, and others may run meanwhile. */
	private void sendAgain(String place, ReplyNotSentException first) throws Throwable {
		RecoveryPause pauses = new RecoveryPause(this.context.maxRecoveryPause());
		ReplyNotSentException failure = first;
		while (true) {
			this.run.checkStopped();
			this.monitor.replying("the reply to " + place + " cannot be sent: " + failure.getMessage());
			this.run.pause(pauses.next());
			try {
				AtomicReference<CompletableFuture<?>> begun = new AtomicReference<>();
				ReplyNotSentException unsent = failure;
				this.run.aside(() -> begun.set(begin(unsent)));
				this.run.awaitAside(begun.get(), this.context.shutdownTimeout());
				return;
			}
			catch (ReplyNotSentException ex) {
				failure = ex;
			}
		}
	}

	/** It may block, where brokers are slow to tell of the stream. */
	private static CompletableFuture<?> begin(ReplyNotSentException unsent) {
		try {
			return unsent.again();
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Calls a listener. */
	@FunctionalInterface
	interface Call {

		@Nullable CompletableFuture<?> invoke(Acknowledgment acknowledgment) throws Exception;

	}

}
