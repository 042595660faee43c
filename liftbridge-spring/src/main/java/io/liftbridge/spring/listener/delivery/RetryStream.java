package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.core.ProducerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Delivers messages again later, without holding up those behind them: a message that is
 * given up is published to the retry stream of its stream, and the position moves on. The
 * container of the listener reads the retry stream, too, and hands each message to the
 * listener when it is due, as it was, with its original stream, partition, offset and
 * timestamp. What waits takes no thread. After the last round, or if it would fail again
 * in the same way, a message goes to another recoverer, for instance to the dead-letter
 * stream, with its original place.
 * <p>
 * Use it as the recoverer of a {@link DefaultErrorHandler}, whose pauses then come first,
 * in each round. A retry stream that is missing is created with as many partitions and
 * replicas as the original stream. It is shared by the listeners of a stream: each one
 * passes over what others have failed on, by the ids of their cursors. Members of a group
 * have the same one, so that a message comes back to whoever has its partition then. It
 * is always read from its beginning at first, wherever the listener begins.
 * <p>
 * The order of messages is lost: those behind a message that comes back are processed
 * before it. Within a partition of the retry stream the messages keep their order; one
 * that is due waits for one before it that is not, so that with growing pauses a message
 * may come later than it is due, at most by the longest pause.
 */
public class RetryStream implements Recoverer {

	/** What the names of retry streams end with by default. */
	public static final String DEFAULT_SUFFIX = ".retry";

	private static final Logger logger = LoggerFactory.getLogger(RetryStream.class);

	private final CompanionStreams streams;

	private final BackOff pauses;

	private final Recoverer last;

	private String suffix = DEFAULT_SUFFIX;

	/**
	 * Creates it.
	 * @param client creates missing streams
	 * @param producers publish
	 * @param pauses how long each round takes, in milliseconds from the failure to the
	 * next delivery; where they end, {@code last} takes over
	 * @param last takes care of what is given up for good
	 */
	public RetryStream(LiftbridgeClient client, ProducerFactory producers, BackOff pauses, Recoverer last) {
		this.streams = new CompanionStreams(client, producers, "retry");
		this.pauses = pauses;
		this.last = last;
	}

	/**
	 * Sets what is added to a stream's name.
	 * @param suffix default {@code .retry}
	 * @throws IllegalArgumentException if it is empty
	 */
	public void setSuffix(String suffix) {
		if (suffix.isEmpty()) {
			throw new IllegalArgumentException("The suffix of retry streams must not be empty:"
					+ " a failed message would be published to its own stream.");
		}
		this.suffix = suffix;
	}

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		long pause = pause(Redelivery.round(message));
		if (pause == BackOffExecution.STOP || failure.cause() instanceof MalformedEntryException) {
			// What cannot be unpacked here cannot be unpacked there.
			return this.last.recover(message, failure);
		}
		// Nobody reads a retry stream of a retry stream.
		String target = isRetryStream(message.stream()) ? message.stream() : message.stream() + this.suffix;
		Instant due = Instant.now().plus(Duration.ofMillis(pause));
		Message again = Redelivery.message(message, failure, due);
		return this.streams.send(target, message.stream(), again).<Object>thenApply((ack) -> {
			logger.info("Listener '{}' failed on {}/{}@{} in {} attempt(s), it comes again at {} from {}/{}@{}: {}",
					failure.listenerId(), message.stream(), message.partition(), message.offset(), failure.attempts(),
					due, target, ack.partition(), ack.offset(), FailureText.of(failure.cause()));
			return new DelayedRetry(ack, due);
		}).exceptionallyCompose((ex) -> {
			Throwable cause = FailureText.causeOf(ex);
			return (cause instanceof MessageTooLargeException)
					? this.last.recover(message, failure).thenApply((result) -> (Object) result)
					: CompletableFuture.failedFuture(cause);
		});
	}

	@Override
	public CompletableFuture<?> recoverFatal(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		return this.last.recoverFatal(message, failure);
	}

	/** The pause before the next round, given how many there were. */
	private long pause(int rounds) {
		BackOffExecution execution = this.pauses.start();
		long pause = execution.nextBackOff();
		for (int i = 0; i < rounds && pause != BackOffExecution.STOP; i++) {
			pause = execution.nextBackOff();
		}
		return pause;
	}

	/**
	 * Names the retry streams of streams.
	 * @throws IllegalStateException if they are dead-letter streams as well: each message
	 * that is given up would be delivered again
	 */
	@Override
	public List<String> retryStreams(List<String> streams) {
		List<String> retries = streams.stream()
			.filter((stream) -> !isRetryStream(stream))
			.map((stream) -> stream + this.suffix)
			.toList();
		List<String> deadLetters = deadLetterStreams(streams);
		retries.stream().filter(deadLetters::contains).findFirst().ifPresent((both) -> {
			throw new IllegalStateException("'" + both + "' would be both retry stream and dead-letter stream, so that"
					+ " what is given up comes again: set another suffix for one of them, with RetryStream.setSuffix or"
					+ " DeadLetterPublisher.setSuffix.");
		});
		return retries;
	}

	@Override
	public List<String> deadLetterStreams(List<String> streams) {
		return this.last.deadLetterStreams(streams);
	}

	@Override
	public void prepareRetryStream(String stream) {
		if (isRetryStream(stream)) {
			this.streams.prepare(stream, stream.substring(0, stream.length() - this.suffix.length()));
		}
	}

	private boolean isRetryStream(String stream) {
		return stream.endsWith(this.suffix) && stream.length() > this.suffix.length();
	}

}
