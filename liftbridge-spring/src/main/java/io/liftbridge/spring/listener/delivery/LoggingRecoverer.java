package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the failure at ERROR and drops the message. It stays in its stream. The stack
 * trace goes with it, but for failures whose traces quote messages, and beyond ten a
 * minute.
 */
public final class LoggingRecoverer implements Recoverer {

	private static final Logger logger = LoggerFactory.getLogger(LoggingRecoverer.class);

	private final FailureTraces traces = new FailureTraces();

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		logger.error("Listener '{}' could not process {}/{}@{} in {} attempt(s) and goes on without it: {}",
				failure.listenerId(), message.stream(), message.partition(), message.offset(), failure.attempts(),
				FailureText.of(failure.cause()), this.traces.of(failure.cause()));
		return CompletableFuture.completedFuture(null);
	}

}
