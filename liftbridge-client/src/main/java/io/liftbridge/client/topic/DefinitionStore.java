package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.ConsumerBuilder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.UnreadableEventException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.stream.StreamSpec;

/**
 * The compacted stream of definitions: the name is the key, and the last value counts, of
 * which an empty one says that the topic is forgotten. Expected offsets make sure that
 * who writes has read all that was written before.
 */
final class DefinitionStore {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String stream;

	private final StreamAdmin streams;

	private final ProducerBuilder producer;

	private final ConsumerBuilder consumer;

	DefinitionStore(String stream, StreamAdmin streams, ProducerBuilder producer, ConsumerBuilder consumer) {
		this.stream = stream;
		this.streams = streams;
		this.producer = producer;
		this.consumer = consumer.from(StartPosition.earliest()).until(StopPosition.latest()).resumePaused(true);
	}

	/** Creates the stream where it is absent. */
	void create() {
		this.streams.createIfAbsent(StreamSpec.named(this.stream)
			.replicationFactor(StreamSpec.MAX)
			.compact(true)
			.optimisticConcurrency(true));
	}

	/** What was stored when it was read. */
	Content read() {
		if (!this.streams.exists(this.stream)) {
			return new Content(Map.of(), -1);
		}
		Map<String, ReceivedMessage<byte[]>> newest = new TreeMap<>();
		long last = -1;
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		try (Consumer messages = this.consumer.open()) {
			while (!messages.isEnded()) {
				for (ReceivedMessage<byte[]> message : messages.poll(Duration.ofMillis(200))) {
					newest.put(String.valueOf(message.keyText()), message);
					last = message.offset();
				}
				if (System.nanoTime() - deadline > 0) {
					throw new RequestTimeoutException(
							"read definitions of topics from stream '" + this.stream
									+ "': the end was not reached within " + TIMEOUT + ".",
							null, LiftbridgeException.Outcome.NOT_SENT);
				}
			}
		}
		newest.values().removeIf((message) -> message.value().length == 0);
		return new Content(newest, last);
	}

	/** Writes, unless somebody else has written since. */
	boolean write(String topic, byte[] definition, Content known) {
		try (Producer writer = this.producer.build()) {
			writer.sendAndWait(Message.builder().key(topic).value(definition).expectedOffset(known.last + 1).build(),
					TIMEOUT);
			return true;
		}
		catch (IncorrectOffsetException ex) {
			return false;
		}
		catch (LiftbridgeException ex) {
			if (ex.outcome() == LiftbridgeException.Outcome.INDETERMINATE && read().last > known.last) {
				// Stored by this or by another one: reading tells.
				return false;
			}
			throw ex;
		}
	}

	String stream() {
		return this.stream;
	}

	/** What the stream holds, and the offset of its newest message. */
	record Content(Map<String, ReceivedMessage<byte[]>> topics, long last) {

		TopicDescription read(ReceivedMessage<byte[]> message) {
			try {
				return DescriptionCodec.read(message);
			}
			catch (RuntimeException ex) {
				throw new UnreadableEventException(
						"The definition of topic '" + message.keyText() + "' in stream '" + message.stream()
								+ "' at offset " + message.offset() + " cannot be read: " + ex.getMessage()
								+ ". Somebody else has written to this stream; Topics.forget removes the definition.",
						message, ex);
			}
		}

	}

}
