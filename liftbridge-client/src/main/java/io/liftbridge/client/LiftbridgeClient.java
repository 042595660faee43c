package io.liftbridge.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.liftbridge.client.activity.ActivityBuilder;
import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterOptions;
import io.liftbridge.client.consumer.ConsumerBuilder;
import io.liftbridge.client.consumer.MessageReader;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.consumer.Subscriptions;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.group.GroupConsumerBuilder;
import io.liftbridge.client.group.Groups;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.BulkPublish;
import io.liftbridge.client.producer.BulkRequest;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.ProducerMetrics;
import io.liftbridge.client.producer.Producers;
import io.liftbridge.client.producer.SubjectPublisher;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.topic.Topic;
import io.liftbridge.client.topic.TopicDefinition;
import io.liftbridge.client.topic.Topics;

/**
 * The door to a Liftbridge cluster. One per application is enough: it is safe for use by
 * many threads, keeps one connection per broker, connects with the first use and
 * reconnects by itself.
 *
 * <pre>{@code
 * try (LiftbridgeClient client = LiftbridgeClient.builder().seeds("localhost:9292").build()) {
 *     client.streams().createIfAbsent(StreamSpec.named("orders").partitions(4));
 *     Producer producer = client.producer("orders").build();
 *     producer.send(Message.of("k1", bytes)).thenAccept((ack) -> log.info("at {}", ack.offset()));
 * }
 * }</pre>
 */
public final class LiftbridgeClient implements AutoCloseable {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final Cluster cluster;

	private final StreamAdmin streams;

	private final CursorStore cursors;

	private final Producers producers;

	private final Subscriptions subscriptions;

	private final Groups groups;

	private final Topics topics;

	LiftbridgeClient(ClusterOptions options, Codecs codecs, ProducerMetrics producerMetrics) {
		this.cluster = new Cluster(options);
		this.streams = new StreamAdmin(this.cluster);
		this.cursors = new CursorStore(this.cluster);
		this.producers = new Producers(this.cluster, codecs, producerMetrics);
		this.subscriptions = new Subscriptions(this.cluster, this.cursors, codecs);
		this.groups = new Groups(this.cluster, this.subscriptions, this.cursors);
		this.topics = new Topics(this.streams, this::producer, this::consumer, this::subscribe,
				options.maxMessageBytes());
	}

	/**
	 * Starts a client.
	 * @return a builder
	 */
	public static LiftbridgeClientBuilder builder() {
		return new LiftbridgeClientBuilder();
	}

	/**
	 * Creates, deletes and describes streams.
	 * @return the administration
	 */
	public StreamAdmin streams() {
		return this.streams;
	}

	/**
	 * Starts a producer. It is closed with the client.
	 * @param stream the stream to publish to
	 * @return a builder
	 */
	public ProducerBuilder producer(String stream) {
		return new ProducerBuilder(stream, this.producers::create);
	}

	/**
	 * Publishes whatever a source gives, to different streams and partitions, one result
	 * for each request, in order. Nothing is sent before its results are asked for.
	 * @param requests may be lazy and without end
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> publishBulk(Iterable<? extends BulkRequest> requests) {
		return this.producers.bulk(requests);
	}

	/**
	 * Publishes whatever a source gives, to different streams and partitions, one result
	 * for each request, in order. Nothing is sent before its results are asked for.
	 * @param requests may be lazy and without end
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> publishBulk(Iterator<? extends BulkRequest> requests) {
		return this.producers.bulk(requests);
	}

	/**
	 * Publishes whatever a source gives, to different streams and partitions, one result
	 * for each request, in order. Nothing is sent before its results are asked for.
	 * @param requests sequential; closed at the end
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> publishBulk(Stream<? extends BulkRequest> requests) {
		return this.producers.bulk(requests);
	}

	/**
	 * Publishes whatever a source gives, to different streams and partitions, one result
	 * for each request, in order. Nothing is sent before its results are asked for.
	 * @param requests is asked for no more than there is room for
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> publishBulk(Flow.Publisher<? extends BulkRequest> requests) {
		return this.producers.bulk(requests);
	}

	/**
	 * Publishes to a NATS subject: every stream that listens to it stores the message.
	 * @param subject the subject, without wildcards
	 * @param message the message; its partition n above 0 means {@code subject.n}
	 * @param timeout how long to wait for the first acknowledgement
	 * @return completes with the first acknowledgement; if nobody listens, with a
	 * {@link io.liftbridge.client.message.AckTimeoutException}
	 */
	public CompletableFuture<Ack> publishToSubject(String subject, Message message, Duration timeout) {
		return new SubjectPublisher(this.cluster).publish(subject, message, timeout);
	}

	/**
	 * Starts a subscription to a partition. It is closed with the client. With
	 * {@link SubscriptionBuilder#cursor(String)} it goes on where it was left.
	 * @param stream the stream to read
	 * @return a builder
	 */
	public SubscriptionBuilder subscribe(String stream) {
		return new SubscriptionBuilder(stream, this.subscriptions::start);
	}

	/**
	 * Starts a subscription to what happens to streams and consumer groups. It is closed
	 * with the client. Needs {@code activity.stream.enabled} in the server's
	 * configuration.
	 * @return a builder
	 */
	public ActivityBuilder activity() {
		return new ActivityBuilder(this::subscribe);
	}

	/**
	 * Starts a consumer, which reads partitions at the pace of whoever asks. It is closed
	 * with the client.
	 * @param stream the stream to read
	 * @return a builder
	 */
	public ConsumerBuilder consumer(String stream) {
		return new ConsumerBuilder(stream, this.streams, this.subscriptions);
	}

	/**
	 * Starts a member of a consumer group, which shares the partitions of streams with
	 * the other members. It is closed with the client. Needs
	 * {@code cursors.stream.partitions} of 1 or more in the server's configuration.
	 * @param group the group's name
	 * @return a builder
	 */
	public GroupConsumerBuilder group(String group) {
		return new GroupConsumerBuilder(group, this.groups::start);
	}

	/**
	 * Topics and their stored definitions.
	 * @return the topics
	 */
	public Topics topics() {
		return this.topics;
	}

	/**
	 * A topic: a stream of typed events, which are validated and serialized on their way.
	 * Asks no broker and stores nothing.
	 * @param stream name of the stream, in place of the definition's
	 * @param definition what its events must look like, how they become bytes, and which
	 * partition each goes to
	 * @param <T> type of the events
	 * @return the topic
	 */
	public <T> Topic<T> topic(String stream, TopicDefinition<T> definition) {
		return this.topics.topic(definition.stream(stream));
	}

	/**
	 * Reads stored messages once, without following the stream.
	 * @return the reader
	 */
	public MessageReader reader() {
		return new MessageReader(this::subscribe);
	}

	/**
	 * Positions under the convention {@link CursorConvention#LAST_PROCESSED}.
	 * @return the store
	 */
	public CursorStore cursors() {
		return this.cursors;
	}

	/**
	 * Positions under a convention.
	 * @param convention what a stored number means
	 * @return the store
	 */
	public CursorStore cursors(CursorConvention convention) {
		return this.cursors.under(convention);
	}

	/**
	 * Tells the brokers as they were last seen. Asks nobody and never waits.
	 * @return their states, empty before the first use
	 */
	public List<BrokerStatus> brokers() {
		return this.cluster.brokers();
	}

	/**
	 * Asks a broker who the others are. Not needed before other calls, which do it by
	 * themselves.
	 * @return completes when a broker has answered, or with a
	 * {@link io.liftbridge.client.message.BrokerUnavailableException}
	 */
	public CompletableFuture<List<BrokerStatus>> connect() {
		return this.cluster.refresh().handleAsync((metadata, failure) -> {
			if (failure != null) {
				throw Cluster.unwrap(failure);
			}
			return this.cluster.brokers();
		});
	}

	/**
	 * Whether the client was closed.
	 * @return whether it was
	 */
	public boolean isClosed() {
		return this.cluster.isClosed();
	}

	/**
	 * Leaves consumer groups, closes subscriptions, then producers, then connections.
	 * Waits up to 10 seconds for handlers that run and for messages on their way; what
	 * has no outcome by then fails. The second call is free.
	 */
	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	/**
	 * Leaves consumer groups, closes subscriptions, then producers, then connections.
	 * @param timeout how long to wait for handlers that run and for messages on their way
	 */
	public void close(Duration timeout) {
		if (this.cluster.isClosed()) {
			return;
		}
		long nanos = Bounds.nanos(timeout);
		long deadline = System.nanoTime() + nanos;
		this.groups.close(Duration.ofNanos(nanos));
		this.subscriptions.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		this.topics.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		this.producers.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		this.cluster.close();
	}

}
