package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.ProducerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a producer of a topic needs to know. Not safe for use by several threads.
 *
 * @param <T> type of the events
 */
public final class TopicProducerBuilder<T> {

	private final TopicDefinition<T> definition;

	private final ProducerBuilder producer;

	private final Function<TopicPipeline.Options<T>, TopicProducer<T>> factory;

	private @Nullable Executor executor;

	private Ordering ordering = Ordering.STRICT;

	private int maxInFlight = 10_000;

	private Duration enqueueTimeout = Duration.ofSeconds(10);

	private @Nullable BiConsumer<? super T, ? super LiftbridgeException> onFailure;

	TopicProducerBuilder(TopicDefinition<T> definition, ProducerBuilder producer,
			Function<TopicPipeline.Options<T>, TopicProducer<T>> factory) {
		this.definition = definition;
		this.producer = producer;
		this.factory = factory;
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
		return this.factory.apply(new TopicPipeline.Options<>(this.definition, this.producer.build(), this.executor,
				this.ordering, this.maxInFlight, this.enqueueTimeout, this.onFailure));
	}

}
