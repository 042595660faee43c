package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener, waits for what it began, and notes the position. A result that
 * cannot be sent for want of its stream is no failure of the message: the partition waits
 * until it can be.
 */
final class Attempts {

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	private final DeliveryContext context;

	private final PartitionRun run;

	private final Positions positions;

	private final DeliveryMonitor monitor;

	Attempts(DeliveryContext context, PartitionRun run, Positions positions, DeliveryMonitor monitor) {
		this.context = context;
		this.run = run;
		this.positions = positions;
		this.monitor = monitor;
	}

	/**
	 * Makes one attempt.
	 * @param first the first message
	 * @param count how many there are
	 * @param last offset that is reached when it succeeds
	 * @param call calls the listener
	 * @return why it failed, {@code null} if it did not
	 */
	@Nullable Throwable attempt(ReceivedMessage<byte[]> first, int count, long last, Call call) {
		Acknowledgment acknowledgment = this.positions.acknowledgment(last);
		long start = System.nanoTime();
		try {
			await(first, call.invoke(acknowledgment));
		}
		catch (DeliveryStoppedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			this.positions.failed(acknowledgment);
			return ex;
		}
		this.context.metrics().processed(this.context.listenerId(), first.stream(), count, System.nanoTime() - start);
		this.positions.succeeded(last, acknowledgment);
		return null;
	}

	private void await(ReceivedMessage<byte[]> message, @Nullable CompletableFuture<?> result) throws Throwable {
		RecoveryPause pauses = new RecoveryPause(this.context.maxRecoveryPause());
		CompletableFuture<?> pending = result;
		boolean waiting = false;
		while (true) {
			try {
				this.run.await(pending, this.context.shutdownTimeout());
				if (waiting) {
					this.monitor.delivering();
				}
				return;
			}
			catch (ReplyNotSentException ex) {
				this.run.checkStopped();
				String place = message.stream() + "/" + message.partition() + "@" + message.offset();
				this.monitor.replying("the reply to " + place + " cannot be sent: " + ex.getMessage());
				if (!waiting) {
					waiting = true;
					logger.warn("Listener '{}' cannot send its reply to {}, trying again while the partition waits: {}",
							this.context.listenerId(), place, ex.getMessage());
				}
				this.run.pause(pauses.next());
				pending = ex.again();
			}
		}
	}

	/** Calls a listener. */
	@FunctionalInterface
	interface Call {

		@Nullable CompletableFuture<?> invoke(Acknowledgment acknowledgment) throws Exception;

	}

}
