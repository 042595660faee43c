package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the failure at ERROR and drops the message. It stays in its stream.
 */
public final class LoggingRecoverer implements Recoverer {

	private static final Logger logger = LoggerFactory.getLogger(LoggingRecoverer.class);

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		logger.error("Listener '{}' could not process {}/{}@{} in {} attempt(s) and goes on without it",
				failure.listenerId(), message.stream(), message.partition(), message.offset(), failure.attempts(),
				failure.cause());
		return CompletableFuture.completedFuture(null);
	}

}
