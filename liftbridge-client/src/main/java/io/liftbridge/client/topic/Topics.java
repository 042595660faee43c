package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.liftbridge.client.consumer.ConsumerBuilder;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.TopicConflictException;
import io.liftbridge.client.message.UnreadableEventException;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.stream.StreamSpec;

/**
 * Topics and their definitions, which are kept in a compacted stream of the cluster, so
 * that readers find what writers have defined. Storing and finding definitions needs
 * Jackson 3. Safe for use by many threads.
 */
public final class Topics {

	/** Name of the stream of definitions. */
	public static final String DEFINITIONS = "liftbridge-topics";

	private static final int ATTEMPTS = 100;

	private static final int CHUNK_BYTES = 512 << 10;

	private static final int CHUNK_HEADER_BYTES = 1024;

	private static final Duration DATA_TIMEOUT = Duration.ofSeconds(30);

	private final StreamAdmin streams;

	private final Function<String, ProducerBuilder> producers;

	private final Function<String, ConsumerBuilder> consumers;

	private final Function<String, SubscriptionBuilder> subscriptions;

	private final DataReader data;

	private final int chunkBytes;

	private final PartRegistry registry = new PartRegistry();

	private final Set<TopicProducer<?>> open = ConcurrentHashMap.newKeySet();

	/**
	 * For use inside the client.
	 * @param streams creates streams
	 * @param producers starts producers
	 * @param consumers starts consumers
	 * @param subscriptions starts subscriptions
	 * @param maxMessageBytes most bytes of a message
	 */
	public Topics(StreamAdmin streams, Function<String, ProducerBuilder> producers,
			Function<String, ConsumerBuilder> consumers, Function<String, SubscriptionBuilder> subscriptions,
			int maxMessageBytes) {
		this.data = new DataReader(streams, subscriptions, DATA_TIMEOUT);
		this.chunkBytes = Math.max(1, Math.min(CHUNK_BYTES, maxMessageBytes - CHUNK_HEADER_BYTES));
		this.streams = streams;
		this.producers = producers;
		this.consumers = consumers;
		this.subscriptions = subscriptions;
	}

	/**
	 * Makes parts of one's own known, with which definitions are found.
	 * @param parts creates them by their names
	 */
	public void register(TopicParts parts) {
		this.registry.register(parts);
	}

	/**
	 * Stores a definition, unless it is there already, and creates the topic's stream and
	 * the stream of definitions where they are absent. The topic's stream gets the
	 * server's own settings; who wants others creates it first. Of several that define a
	 * topic at the same time one is first, and the others find its definition.
	 * @param definition the definition
	 * @param <T> type of the events
	 * @return the topic
	 * @throws TopicConflictException if another definition is stored, or the stream has
	 * another number of partitions
	 * @throws InvalidRequestException if a part has no name, by which it could be found
	 * @throws LiftbridgeException if the cluster cannot be reached
	 */
	public <T> Topic<T> define(TopicDefinition<T> definition) {
		Jackson.require("Storing definitions of topics");
		TopicDescription wanted = definition.describe();
		byte[] bytes = DescriptionCodec.write(wanted);
		DefinitionStore store = store();
		store.create();
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			DefinitionStore.Content content = store.read();
			ReceivedMessage<byte[]> stored = content.topics().get(definition.stream());
			if (stored != null) {
				requireSame(wanted, content.read(stored));
			}
			createStream(definition);
			if (stored != null || store.write(definition.stream(), bytes, content)) {
				return topic(definition);
			}
		}
		throw new LiftbridgeException("The definition of topic '" + definition.stream() + "' could not be stored in '"
				+ store.stream() + "': others wrote first " + ATTEMPTS + " times in a row. Try again.");
	}

	private void createStream(TopicDefinition<?> definition) {
		if (this.streams.createIfAbsent(StreamSpec.named(definition.stream()).partitions(definition.partitions()))) {
			return;
		}
		int existing = this.streams.describe(definition.stream()).partitions().size();
		if (existing != definition.partitions()) {
			throw new TopicConflictException(
					"Topic '" + definition.stream() + "' is defined with " + definition.partitions()
							+ " partitions, but its stream has " + existing
							+ ", which cannot be changed. Define it with " + existing + ", or take another name.",
					null);
		}
	}

	private static void requireSame(TopicDescription wanted, TopicDescription stored) {
		String theirs = DescriptionCodec.text(stored);
		String ours = DescriptionCodec.text(wanted);
		if (!theirs.equals(ours)) {
			throw new TopicConflictException("Topic '" + wanted.stream()
					+ "' is defined in another way already.\nStored: " + theirs + "\nWanted: " + ours
					+ "\nTake the stored definition (Topics.find), another name, or remove it with Topics.forget.",
					null);
		}
	}

	/**
	 * Finds the definition of a topic.
	 * @param name the topic's name
	 * @return what is stored, if there is something
	 * @throws UnreadableEventException if it cannot be read
	 */
	public Optional<TopicDescription> find(String name) {
		Jackson.require("Finding definitions of topics");
		DefinitionStore.Content content = store().read();
		return Optional.ofNullable(content.topics().get(name)).map(content::read);
	}

	/**
	 * Finds a topic, with its validator, selector and serializer.
	 * @param name the topic's name
	 * @param type what its events are to be read as: the class itself is the reader's own
	 * choice and not stored
	 * @param <T> type of the events
	 * @return the topic, if it is defined
	 * @throws InvalidRequestException if a part is unknown here, or makes another type
	 * @throws UnreadableEventException if the definition cannot be read
	 */
	public <T> Optional<Topic<T>> find(String name, Class<T> type) {
		return find(name).map((found) -> topic(this.registry.create(found, type)));
	}

	/**
	 * Lists what is defined.
	 * @return the definitions by name
	 * @throws UnreadableEventException if one cannot be read
	 */
	public List<TopicDescription> list() {
		Jackson.require("Finding definitions of topics");
		DefinitionStore.Content content = store().read();
		return content.topics().values().stream().map(content::read).toList();
	}

	/**
	 * Removes the definition of a topic, not its stream.
	 * @param name the topic's name
	 * @return whether there was one
	 */
	public boolean forget(String name) {
		DefinitionStore store = store();
		for (DefinitionStore.Content content = store.read(); content.topics()
			.containsKey(name); content = store.read()) {
			if (store.write(name, new byte[0], content)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A topic by a definition that need not be stored. Asks no broker.
	 * @param definition the definition
	 * @param <T> type of the events
	 * @return the topic
	 */
	public <T> Topic<T> topic(TopicDefinition<T> definition) {
		return new Topic<>(definition, this);
	}

	<T> TopicProducer<T> start(TopicPipeline.Options<T> options) {
		TopicProducer<T> producer = new TopicProducer<>(new TopicPipeline<>(options), this.open::remove);
		this.open.add(producer);
		return producer;
	}

	DataReader data() {
		return this.data;
	}

	/** Stores data of events apart from them. */
	ClaimCheck claimCheck(StreamSpec companion, int above, Duration enqueueTimeout) {
		return new ClaimCheck(this.streams, companion,
				producer(companion.name()).enqueueTimeout(enqueueTimeout).build(), above, this.chunkBytes);
	}

	ProducerBuilder producer(String stream) {
		return this.producers.apply(stream);
	}

	ConsumerBuilder consumer(String stream) {
		return this.consumers.apply(stream);
	}

	SubscriptionBuilder subscription(String stream) {
		return this.subscriptions.apply(stream);
	}

	/**
	 * Closes all producers of topics. For use inside the client.
	 * @param timeout how long to wait for events on their way, all producers together
	 */
	public void close(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		for (TopicProducer<?> producer : new ArrayList<>(this.open)) {
			producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
	}

	private DefinitionStore store() {
		return new DefinitionStore(DEFINITIONS, this.streams, this.producers.apply(DEFINITIONS),
				this.consumers.apply(DEFINITIONS));
	}

}
