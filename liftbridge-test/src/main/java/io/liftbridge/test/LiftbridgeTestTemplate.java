package io.liftbridge.test;

import java.time.Duration;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;

/**
 * What a test does with streams, beside the code under test: <pre>
 * liftbridge.send("orders", "k1", "{\"amount\": 5}");
 * assertThat(liftbridge.messages("invoices")).hasSize(1).first().hasKey("k1");
 * </pre> Tests with {@code @EmbeddedLiftbridge} have it as a bean, or parameter. Safe for
 * use by many threads.
 */
public final class LiftbridgeTestTemplate implements AutoCloseable {

	private static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);

	private final LiftbridgeClient client;

	private final boolean own;

	private LiftbridgeTestTemplate(LiftbridgeClient client, boolean own) {
		this.client = client;
		this.own = own;
	}

	/**
	 * Uses a client.
	 * @param client the client, not closed with the template
	 * @return the template
	 */
	public static LiftbridgeTestTemplate using(LiftbridgeClient client) {
		return new LiftbridgeTestTemplate(client, false);
	}

	/**
	 * Uses a client of its own.
	 * @param seeds brokers as {@code host:port}
	 * @return the template, to be closed
	 */
	public static LiftbridgeTestTemplate connect(String... seeds) {
		return new LiftbridgeTestTemplate(LiftbridgeClient.builder().seeds(seeds).build(), true);
	}

	/**
	 * The messages of a stream.
	 * @param stream the stream's name; it need not exist yet
	 * @return what assertions that wait begin with
	 */
	public StreamMessages messages(String stream) {
		return new StreamMessages(this.client, stream);
	}

	/**
	 * Sends a text and waits until it is stored.
	 * @param stream the stream's name
	 * @param value the text
	 * @return what the broker said
	 */
	public Ack send(String stream, String value) {
		return send(stream, Message.builder().value(value).build());
	}

	/**
	 * Sends a text and waits until it is stored.
	 * @param stream the stream's name
	 * @param key the key
	 * @param value the text
	 * @return what the broker said
	 */
	public Ack send(String stream, String key, String value) {
		return send(stream, Message.of(key, value));
	}

	/**
	 * Sends a message and waits until it is stored.
	 * @param stream the stream's name
	 * @param message the message
	 * @return what the broker said
	 */
	public Ack send(String stream, Message message) {
		try (Producer producer = this.client.producer(stream).build()) {
			return producer.sendAndWait(message, SEND_TIMEOUT);
		}
	}

	/**
	 * Waits until a reader has processed all that is in a stream by then, see
	 * {@link LiftbridgeTestUtils#awaitConsumed(LiftbridgeClient, String, String)}.
	 * @param stream the stream's name
	 * @param cursorId the reader's cursor, of a listener by default its id
	 */
	public void awaitConsumed(String stream, String cursorId) {
		LiftbridgeTestUtils.awaitConsumed(this.client, stream, cursorId);
	}

	/**
	 * Waits until a consumer group has processed all that is in a stream by then.
	 * @param stream the stream's name
	 * @param group the group's name
	 */
	public void awaitConsumedByGroup(String stream, String group) {
		LiftbridgeTestUtils.awaitConsumedByGroup(this.client, stream, group);
	}

	/**
	 * Waits until a listener has processed all that is by then in the partitions that it
	 * reads.
	 * @param container a {@code ListenerContainer}, as
	 * {@code LiftbridgeListenerEndpointRegistry.container(id)} has it
	 */
	public void awaitConsumed(Object container) {
		LiftbridgeTestUtils.awaitConsumed(this.client, container);
	}

	/**
	 * The client that it uses.
	 * @return the client
	 */
	public LiftbridgeClient client() {
		return this.client;
	}

	/**
	 * Closes the client, if it is its own.
	 */
	@Override
	public void close() {
		if (this.own) {
			this.client.close();
		}
	}

}
