package io.liftbridge.client.producer;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a handler once, whatever becomes of the message.
 */
final class Confirming implements BiConsumer<@Nullable Ack, @Nullable Throwable> {

	private static final Logger logger = LoggerFactory.getLogger(Confirming.class);

	private final String stream;

	private final Message message;

	private final ConfirmationHandler handler;

	private final @Nullable Executor executor;

	Confirming(String stream, Message message, ConfirmationHandler handler, @Nullable Executor executor) {
		this.stream = stream;
		this.message = message;
		this.handler = handler;
		this.executor = executor;
	}

	@Override
	public void accept(@Nullable Ack ack, @Nullable Throwable failure) {
		Confirmation confirmation = new Confirmation(this.message, ack,
				(failure != null) ? Cluster.unwrap(failure) : null);
		if (this.executor == null) {
			call(confirmation);
			return;
		}
		try {
			this.executor.execute(() -> call(confirmation));
		}
		catch (Throwable ex) {
			// The executor refuses: better on this thread than never.
			call(confirmation);
		}
	}

	private void call(Confirmation confirmation) {
		try {
			this.handler.onConfirmation(confirmation);
		}
		catch (Throwable ex) {
			logger.error("Stream '{}': the confirmation handler of {} failed", this.stream, this.message, ex);
		}
	}

}
