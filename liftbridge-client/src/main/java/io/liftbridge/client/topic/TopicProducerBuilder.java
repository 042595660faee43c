package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.stream.StreamSpec;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a producer of a topic needs to know. Not safe for use by several threads.
 *
 * @param <T> type of the events
 */
public final class TopicProducerBuilder<T> {

	private final TopicDefinition<T> definition;

	private final ProducerBuilder producer;

	private final Topics topics;

	private @Nullable Executor executor;

	private Ordering ordering = Ordering.STRICT;

	private int maxInFlight = 10_000;

	private Duration enqueueTimeout = Duration.ofSeconds(10);

	private @Nullable BiConsumer<? super T, ? super LiftbridgeException> onFailure;

	private int claimCheckAbove = -1;

	private @Nullable StreamSpec dataStream;

	TopicProducerBuilder(TopicDefinition<T> definition, ProducerBuilder producer, Topics topics) {
		this.definition = definition;
		this.producer = producer;
		this.topics = topics;
	}

	/**
	 * Sets who validates and serializes events and chooses their partitions.
	 * @param executor may have many threads, also virtual ones; default: one thread of
	 * the producer's own, which ends when there is nothing to do
	 * @return this builder
	 */
	public TopicProducerBuilder<T> executor(Executor executor) {
		this.executor = executor;
		return this;
	}

	/**
	 * Sets whether later events may overtake.
	 * @param ordering default {@link Ordering#STRICT}
	 * @return this builder
	 */
	public TopicProducerBuilder<T> ordering(Ordering ordering) {
		if (ordering == null) {
			throw new InvalidRequestException("Option ordering of a producer for topic '" + this.definition.stream()
					+ "' is null; leave it out for " + Ordering.STRICT + ".", null);
		}
		this.ordering = ordering;
		return this;
	}

	/**
	 * Sets how many events may be without an outcome, from {@code send} on.
	 * @param events default 10000
	 * @return this builder
	 */
	public TopicProducerBuilder<T> maxInFlight(int events) {
		if (events < 1) {
			throw new InvalidRequestException("Option maxInFlight of a producer for topic '" + this.definition.stream()
					+ "' is " + events + "; it must be 1 or more.", null);
		}
		this.maxInFlight = events;
		return this;
	}

	/**
	 * Sets how long {@code send} waits for room.
	 * @param timeout default 10 s, at most 365 days
	 * @return this builder
	 */
	public TopicProducerBuilder<T> enqueueTimeout(Duration timeout) {
		this.enqueueTimeout = Bounds.positive("Producer option enqueueTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Is told of each event that failed, also of those that were never sent.
	 * @param handler gets the event and why it failed; called where the future completes,
	 * should not block
	 * @return this builder
	 */
	public TopicProducerBuilder<T> onFailure(BiConsumer<? super T, ? super LiftbridgeException> handler) {
		this.onFailure = handler;
		return this;
	}

	/**
	 * Stores data apart from its event, in chunks of a companion stream, if it is long:
	 * the event carries its metadata, and where the data is. Readers fetch it by
	 * themselves, and with {@link Topic#select} only what they want. The data is stored
	 * by all in-sync replicas before its event is sent. For data of any length, also over
	 * the server's limit; only this client can read it.
	 * @param bytes how long the data is at least, less 1; 0 for all that is not empty.
	 * Default: data is never stored apart
	 * @return this builder
	 * @see #dataStream
	 */
	public TopicProducerBuilder<T> claimCheckAbove(int bytes) {
		if (bytes < 0) {
			throw new InvalidRequestException("Option claimCheckAbove of a producer for topic '"
					+ this.definition.stream() + "' is " + bytes + "; it must be 0 or more.", null);
		}
		this.claimCheckAbove = bytes;
		return this;
	}

	/**
	 * Sets the companion stream for data that is stored apart. It should keep its
	 * messages for longer than the topic's stream, as clients cannot learn how long that
	 * one keeps them.
	 * @param stream what it is to be like where it is absent; by default it is called
	 * {@code <topic>.data}, has as many partitions as the topic, and the server's own
	 * settings besides
	 * @return this builder
	 */
	public TopicProducerBuilder<T> dataStream(StreamSpec stream) {
		this.dataStream = stream;
		return this;
	}

	/**
	 * Sets what else a producer can be told: policy and timeout of acknowledgements, its
	 * listener and so on.
	 * @param settings gets the builder of the producer beneath; partitioner, maxInFlight
	 * and enqueueTimeout are those of the topic and of this builder
	 * @return this builder
	 */
	public TopicProducerBuilder<T> options(Consumer<? super ProducerBuilder> settings) {
		settings.accept(this.producer);
		return this;
	}

	/**
	 * Creates the producer. It connects with the first event.
	 * @return the producer, to be closed by the caller or with the client
	 */
	public TopicProducer<T> build() {
		this.producer.partitioner(this.definition.selector())
			.maxInFlight(this.maxInFlight)
			.enqueueTimeout(this.enqueueTimeout);
		ClaimCheck claims = (this.claimCheckAbove >= 0) ? claimCheck() : null;
		try {
			return this.topics.start(new TopicPipeline.Options<>(this.definition, this.producer.build(), this.executor,
					this.ordering, this.maxInFlight, this.enqueueTimeout, this.onFailure, claims));
		}
		catch (LiftbridgeException ex) {
			if (claims != null) {
				claims.close(Duration.ZERO);
			}
			throw ex;
		}
	}

	private ClaimCheck claimCheck() {
		StreamSpec companion = (this.dataStream != null) ? this.dataStream
				: StreamSpec.named(this.definition.stream() + ".data").partitions(this.definition.partitions());
		if (companion.name().equals(this.definition.stream())) {
			throw new InvalidRequestException("Option dataStream of a producer for topic '" + this.definition.stream()
					+ "' is the topic's own stream; data needs another one.", null);
		}
		return this.topics.claimCheck(companion, this.claimCheckAbove, this.enqueueTimeout);
	}

}
