package io.liftbridge.client.topic;

import java.util.Iterator;
import java.util.function.Consumer;

import io.liftbridge.client.consumer.ConsumerBuilder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.UnreadableEventException;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a consumer of a topic needs to know. Can be iterated itself, for reading
 * to the end. Not safe for use by several threads.
 *
 * @param <T> type of the events
 */
public final class TopicConsumerBuilder<T> implements Iterable<ReceivedMessage<T>> {

	private final Topic<T> topic;

	private final ConsumerBuilder consumer;

	private @Nullable Consumer<? super UnreadableEventException> onUnreadable;

	TopicConsumerBuilder(Topic<T> topic, ConsumerBuilder consumer) {
		this.topic = topic;
		this.consumer = consumer;
	}

	/**
	 * Sets the partitions to read.
	 * @param partitions their numbers, 0 and above; by default all
	 * @return this builder
	 */
	public TopicConsumerBuilder<T> partitions(int... partitions) {
		this.consumer.partitions(partitions);
		return this;
	}

	/**
	 * Sets where reading begins, in each partition.
	 * @param start default {@link StartPosition#newOnly()}
	 * @return this builder
	 */
	public TopicConsumerBuilder<T> from(StartPosition start) {
		this.consumer.from(start);
		return this;
	}

	/**
	 * Sets where reading ends, in each partition.
	 * @param stop default {@link StopPosition#never()}
	 * @return this builder
	 */
	public TopicConsumerBuilder<T> until(StopPosition stop) {
		this.consumer.until(stop);
		return this;
	}

	/**
	 * Sets what else a consumer can be told.
	 * @param settings gets the builder of the consumer beneath
	 * @return this builder
	 */
	public TopicConsumerBuilder<T> options(Consumer<? super ConsumerBuilder> settings) {
		settings.accept(this.consumer);
		return this;
	}

	/**
	 * Takes messages that cannot be read, which are then skipped.
	 * @param handler is told of each, by whoever asked for events; by default, that one
	 * gets the exception
	 * @return this builder
	 */
	public TopicConsumerBuilder<T> onUnreadable(Consumer<? super UnreadableEventException> handler) {
		this.onUnreadable = handler;
		return this;
	}

	/**
	 * Begins to read.
	 * @return the consumer, to be closed by the caller or with the client
	 * @throws StreamNotFoundException if the stream does not exist
	 */
	public TopicConsumer<T> open() {
		return new TopicConsumer<>(this.topic, this.consumer.open(), this.onUnreadable);
	}

	/**
	 * Begins to read, and iterates.
	 * @return an iterator, see {@link TopicConsumer#iterator()}
	 */
	@Override
	public Iterator<ReceivedMessage<T>> iterator() {
		return open().iterator();
	}

}
