package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.core.ProducerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a message that is given up to the dead-letter stream of its stream, with key,
 * value and headers as they are, and with headers that tell where it comes from and what
 * went wrong (see {@link io.liftbridge.spring.support.LiftbridgeHeaders}). A dead-letter
 * stream that is missing is created with as many partitions and replicas as the original
 * stream; where it has the same partition, the dead letter goes there.
 * <p>
 * What does not fit with all headers is published with fewer of them, finally without its
 * value. A message that already is a dead letter is not published again: it is logged at
 * ERROR and stays where it is.
 */
public class DeadLetterPublisher implements Recoverer {

	/** What the names of dead-letter streams end with by default. */
	public static final String DEFAULT_SUFFIX = ".dlt";

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterPublisher.class);

	private final CompanionStreams streams;

	private final Recoverer lastResort = new LoggingRecoverer();

	private final FailureTraces traces = new FailureTraces();

	private @Nullable Function<ReceivedMessage<?>, String> streamName;

	private String suffix = DEFAULT_SUFFIX;

	private int maxTraceLength = 4096;

	/**
	 * Creates a publisher.
	 * @param client creates missing streams
	 * @param producers publish
	 */
	public DeadLetterPublisher(LiftbridgeClient client, ProducerFactory producers) {
		this.streams = new CompanionStreams(client, producers, "dead-letter");
	}

	/**
	 * Sets what is added to a stream's name.
	 * @param suffix default {@code .dlt}
	 */
	public void setSuffix(String suffix) {
		if (suffix.isEmpty()) {
			throw new IllegalArgumentException("The suffix of dead-letter streams must not be empty:"
					+ " a failed message would be published to its own stream.");
		}
		this.suffix = suffix;
		this.streamName = null;
	}

	/**
	 * Names the dead-letter stream of a message.
	 * @param streamName gives the stream's name
	 */
	public void setStreamName(Function<ReceivedMessage<?>, String> streamName) {
		this.streamName = streamName;
	}

	/**
	 * Sets how long a stack trace may be.
	 * @param characters default 4096, 0 for no trace
	 */
	public void setMaxTraceLength(int characters) {
		this.maxTraceLength = characters;
	}

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		Function<ReceivedMessage<?>, String> names = this.streamName;
		String target = (names != null) ? names.apply(message) : message.stream() + this.suffix;
		if (message.stream().endsWith(this.suffix) || message.stream().equals(target)) {
			return this.lastResort.recover(message, failure);
		}
		return publish(target, message, DeadLetters.of(message, failure, this.maxTraceLength), 0).thenApply((ack) -> {
			logger.warn("Listener '{}' gave up {}/{}@{} after {} attempt(s), now {}/{}@{}: {}", failure.listenerId(),
					message.stream(), message.partition(), message.offset(), failure.attempts(), target,
					ack.partition(), ack.offset(), FailureText.of(failure.cause()), this.traces.of(failure.cause()));
			return ack;
		});
	}

	@Override
	public List<String> deadLetterStreams(List<String> streams) {
		// Other names are known message by message only.
		return (this.streamName == null) ? streams.stream().map((stream) -> stream + this.suffix).toList() : List.of();
	}

	/** Publishes the first form that is not too large. */
	private CompletableFuture<Ack> publish(String target, ReceivedMessage<byte[]> message, List<Message> forms,
			int form) {
		return this.streams.send(target, message.stream(), forms.get(form)).exceptionallyCompose((ex) -> {
			Throwable cause = FailureText.causeOf(ex);
			if (cause instanceof MessageTooLargeException && form + 1 < forms.size()) {
				return publish(target, message, forms, form + 1);
			}
			return CompletableFuture.failedFuture(cause);
		});
	}

}
