package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Stops the container when a message fails for good: for listeners that must not go on
 * without any of their messages. The message stays unprocessed and is delivered again
 * after the next start; until then the container is {@code FAILED}, and health tells the
 * message and the reason. All partitions of the container stop.
 */
public class ContainerStoppingErrorHandler implements ErrorHandler {

	private final BackOff backOff;

	private final FailureClassifier classifier = new FailureClassifier();

	/**
	 * Uses {@link DefaultErrorHandler#defaultBackOff()}.
	 */
	public ContainerStoppingErrorHandler() {
		this(DefaultErrorHandler.defaultBackOff());
	}

	/**
	 * Creates a handler.
	 * @param backOff pauses between attempts; where it ends, the container stops
	 */
	public ContainerStoppingErrorHandler(BackOff backOff) {
		this.backOff = backOff;
	}

	@Override
	public ErrorAction onFailure(ListenerFailure failure) {
		if (!this.classifier.isRetryable(failure.cause())) {
			return ErrorAction.stop();
		}
		long pause = failure.nextPause(this.backOff);
		return (pause != BackOffExecution.STOP) ? ErrorAction.retry(Duration.ofMillis(pause)) : ErrorAction.stop();
	}

	/**
	 * Is not called: nothing is given up.
	 */
	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		return CompletableFuture.failedFuture(new IllegalStateException("Nothing is given up."));
	}

}
