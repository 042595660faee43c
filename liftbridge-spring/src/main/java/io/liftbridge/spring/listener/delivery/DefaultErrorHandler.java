package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.client.message.ReceivedMessage;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retries with pauses, then hands over to a {@link Recoverer}. What would fail again in
 * the same way is not retried: what cannot be unpacked or converted, what is not valid,
 * arguments that do not fit the method, a filter's expression or the stream of a reply
 * that does not work with this message, classes and methods that are missing. Other
 * failures are retried, and so are other {@code Error}s.
 */
public class DefaultErrorHandler implements ErrorHandler {

	/** How often a message is delivered again by default. */
	public static final int DEFAULT_RETRIES = 3;

	private final BackOff backOff;

	private final Map<String, BackOff> backOffs = new ConcurrentHashMap<>();

	private final Recoverer recoverer;

	private final FailureClassifier classifier = new FailureClassifier();

	/**
	 * Uses {@link #defaultBackOff()}.
	 * @param recoverer takes care of what is given up
	 */
	public DefaultErrorHandler(Recoverer recoverer) {
		this(defaultBackOff(), recoverer);
	}

	/**
	 * Creates a handler.
	 * @param backOff pauses between attempts; where it ends, the message is given up
	 * @param recoverer takes care of what is given up
	 */
	public DefaultErrorHandler(BackOff backOff, Recoverer recoverer) {
		this.backOff = backOff;
		this.recoverer = recoverer;
	}

	/**
	 * Three retries, after 1, 2 and 4 seconds.
	 * @return new pauses
	 */
	public static BackOff defaultBackOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(1000, 2);
		backOff.setMaxInterval(30_000);
		backOff.setMaxAttempts(DEFAULT_RETRIES);
		return backOff;
	}

	/**
	 * Names failures that are not retried, with their subclasses and as causes of others.
	 * Of a class and its superclass the class decides; of an exception and its cause the
	 * exception.
	 * @param types classes of exceptions
	 */
	public void addNotRetryable(Collection<Class<? extends Throwable>> types) {
		types.forEach((type) -> this.classifier.put(type, false));
	}

	/**
	 * Names failures that are retried, with their subclasses and as causes of others,
	 * although a superclass is not.
	 * @param types classes of exceptions
	 */
	public void addRetryable(Collection<Class<? extends Throwable>> types) {
		types.forEach((type) -> this.classifier.put(type, true));
	}

	/**
	 * Forgets what is known of classes, also what is known from the beginning.
	 * @param types classes of exceptions
	 */
	public void removeClassification(Collection<Class<? extends Throwable>> types) {
		types.forEach(this.classifier::remove);
	}

	/**
	 * Sets what becomes of failures of which nothing is known.
	 * @param retryable default {@code true}; with {@code false} only those are retried
	 * that were named with {@link #addRetryable}
	 */
	public void setRetryableByDefault(boolean retryable) {
		this.classifier.setDefault(retryable);
	}

	/**
	 * Sets other pauses for failures of a class, its subclasses, and others they are the
	 * cause of. A message that fails with several classes in turn goes through the pauses
	 * of each of them once.
	 * @param type class of exceptions
	 * @param backOff pauses between attempts; where it ends, the message is given up
	 */
	public void setBackOff(Class<? extends Throwable> type, BackOff backOff) {
		this.backOffs.put(type.getName(), backOff);
	}

	@Override
	public ErrorAction onFailure(ListenerFailure failure) {
		if (!this.classifier.isRetryable(failure.cause())) {
			return ErrorAction.recover();
		}
		BackOff own = FailureClassifier.find(failure.cause(), this.backOffs);
		long pause = failure.nextPause((own != null) ? own : this.backOff);
		return (pause != BackOffExecution.STOP) ? ErrorAction.retry(Duration.ofMillis(pause)) : ErrorAction.recover();
	}

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		return this.classifier.isRetryable(failure.cause()) ? this.recoverer.recover(message, failure)
				: this.recoverer.recoverFatal(message, failure);
	}

	@Override
	public List<String> retryStreams(List<String> streams) {
		return this.recoverer.retryStreams(streams);
	}

	@Override
	public List<String> deadLetterStreams(List<String> streams) {
		return this.recoverer.deadLetterStreams(streams);
	}

	@Override
	public void prepareRetryStream(String stream) {
		this.recoverer.prepareRetryStream(stream);
	}

}
