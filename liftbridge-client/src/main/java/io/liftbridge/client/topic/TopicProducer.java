package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the events of a topic. On the way an event is validated, serialized, and
 * given a partition, by the executor; only waiting for room is on the caller's thread.
 * With {@link io.liftbridge.client.producer.Ordering#STRICT} the events of a partition
 * are handed to the server in the order of {@code send}, however many threads prepare
 * them; an event that fails holds up nobody. Safe for use by many threads.
 * <p>
 * Futures complete with the acknowledgement, or with a {@link LiftbridgeException} that
 * tells whether the event can have been stored: an {@link InvalidEventException} if the
 * validator refuses it or it cannot be serialized, and what
 * {@link io.liftbridge.client.producer.Producer#send} throws or completes with. They
 * complete on the producer's completion thread, and on the executor if the event was
 * never sent; callbacks should not block. An event must not be changed before its future
 * is complete.
 *
 * @param <T> type of the events
 */
public final class TopicProducer<T> implements AutoCloseable {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private static final Consumer<Message.Builder> NOTHING_ELSE = (message) -> {
	};

	private final TopicPipeline<T> pipeline;

	private final Consumer<TopicProducer<T>> onClose;

	TopicProducer(TopicPipeline<T> pipeline, Consumer<TopicProducer<T>> onClose) {
		this.pipeline = pipeline;
		this.onClose = onClose;
	}

	/**
	 * The topic published to.
	 * @return the topic's name
	 */
	public String topic() {
		return this.pipeline.topic();
	}

	/**
	 * Sends an event without a key. Waits for room, up to the enqueue timeout.
	 * @param event the event
	 * @return its outcome
	 * @throws EnqueueTimeoutException if no room was made in time
	 * @throws ClientClosedException if the producer is closed
	 */
	public CompletableFuture<Ack> send(T event) {
		return send(event, NOTHING_ELSE);
	}

	/**
	 * Sends an event with a key. Waits for room, up to the enqueue timeout.
	 * @param key the key, stored as UTF-8; {@code null} or empty for none
	 * @param event the event
	 * @return its outcome
	 * @throws EnqueueTimeoutException if no room was made in time
	 * @throws ClientClosedException if the producer is closed
	 */
	public CompletableFuture<Ack> send(@Nullable String key, T event) {
		return send(event, (message) -> message.key(key));
	}

	/**
	 * Sends data with something said about it. Only for topics of {@link Event}s. Waits
	 * for room, up to the enqueue timeout.
	 * @param metadata what is said about the data
	 * @param data the data
	 * @return its outcome
	 * @throws InvalidRequestException if the topic carries something else
	 * @throws EnqueueTimeoutException if no room was made in time
	 * @throws ClientClosedException if the producer is closed
	 */
	public CompletableFuture<Ack> send(Metadata metadata, Data data) {
		Class<T> type = this.pipeline.type();
		if (type != Event.class) {
			throw new InvalidRequestException("Topic '" + topic() + "' carries " + type.getName()
					+ ", not metadata and data; only a topic of Event does (EventSerializers.events()).", null);
		}
		return send(type.cast(new Event(metadata, data)));
	}

	/**
	 * Sends an event with whatever its message is to have besides. Waits for room, up to
	 * the enqueue timeout.
	 * @param event the event
	 * @param message sets key, headers, partition, policy and so on; called before this
	 * method returns. The value is set by the serializer
	 * @return its outcome
	 * @throws EnqueueTimeoutException if no room was made in time
	 * @throws ClientClosedException if the producer is closed
	 */
	public CompletableFuture<Ack> send(T event, Consumer<? super Message.Builder> message) {
		return this.pipeline.send(event, builder(message), this.pipeline.enqueueNanos(), false);
	}

	/**
	 * Sends an event without a key if there is room at once.
	 * @param event the event
	 * @return its outcome, or nothing if there is no room
	 * @throws ClientClosedException if the producer is closed
	 */
	public Optional<CompletableFuture<Ack>> trySend(T event) {
		return trySend(event, NOTHING_ELSE);
	}

	/**
	 * Sends an event if there is room at once.
	 * @param event the event
	 * @param message sets what its message is to have besides
	 * @return its outcome, or nothing if there is no room
	 * @throws ClientClosedException if the producer is closed
	 */
	public Optional<CompletableFuture<Ack>> trySend(T event, Consumer<? super Message.Builder> message) {
		return Optional.ofNullable(this.pipeline.trySend(event, builder(message)));
	}

	/**
	 * Sends an event without a key and waits.
	 * @param event the event
	 * @param timeout how long to wait at the most, above 0
	 * @return the acknowledgement
	 * @throws InvalidEventException if it is refused
	 * @throws InvalidRequestException if the timeout is not positive; nothing was sent
	 * then
	 * @throws AckTimeoutException if the acknowledgement did not arrive in time; the
	 * event may be stored all the same
	 * @throws LiftbridgeException if the event failed
	 */
	public Ack sendAndWait(T event, Duration timeout) {
		return sendAndWait(event, timeout, NOTHING_ELSE);
	}

	/**
	 * Sends an event and waits.
	 * @param event the event
	 * @param timeout how long to wait at the most, above 0
	 * @param message sets what its message is to have besides
	 * @return the acknowledgement
	 * @throws InvalidEventException if it is refused
	 * @throws InvalidRequestException if the timeout is not positive; nothing was sent
	 * then
	 * @throws AckTimeoutException if the acknowledgement did not arrive in time; the
	 * event may be stored all the same
	 * @throws LiftbridgeException if the event failed
	 */
	public Ack sendAndWait(T event, Duration timeout, Consumer<? super Message.Builder> message) {
		long nanos = Bounds.waitNanos("sendAndWait to topic", topic(), timeout);
		long deadline = System.nanoTime() + nanos;
		CompletableFuture<Ack> sent = this.pipeline.send(event, builder(message),
				Math.min(nanos, this.pipeline.enqueueNanos()), true);
		try {
			return sent.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for the acknowledgement from topic '" + topic()
					+ "'. The event may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (TimeoutException ex) {
			throw new AckTimeoutException("No acknowledgement from topic '" + topic() + "' within "
					+ Bounds.text(timeout) + ". The event may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
	}

	private static Message.Builder builder(Consumer<? super Message.Builder> settings) {
		Message.Builder message = Message.builder();
		settings.accept(message);
		return message;
	}

	/**
	 * Counts the events without an outcome.
	 * @return how many are on their way
	 */
	public int inFlight() {
		return this.pipeline.inFlight();
	}

	/**
	 * Waits until each event sent before has its outcome. Called in a callback it waits
	 * only for those that were handed to the network before.
	 * @param timeout how long to wait at the most; negative counts as zero: not at all
	 * @return whether all have
	 */
	public boolean flush(Duration timeout) {
		return this.pipeline.flush(timeout);
	}

	/**
	 * Waits until each event sent before has its outcome, as long as validating takes and
	 * then up to the timeout of acknowledgements.
	 */
	public void flush() {
		this.pipeline.flush();
	}

	/**
	 * Refuses new events, waits up to 10 seconds for those on their way, and fails the
	 * rest. The second call is free.
	 */
	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	/**
	 * Refuses new events, waits for those on their way, and fails the rest.
	 * @param timeout how long to wait at the most; negative counts as zero: not at all
	 */
	public void close(Duration timeout) {
		this.pipeline.close(timeout);
		this.onClose.accept(this);
	}

}
