package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;

/**
 * Refuses what the server would refuse, before it is sent.
 */
final class MessageSize {

	/** What the server adds to a message before it compares it with its limit. */
	static final int ENVELOPE_BYTES = 64;

	static final int HEADER_BYTES = 8;

	private MessageSize() {
	}

	/** Tells the size in bytes. */
	static int check(Message message, Cluster cluster, String target) {
		int size = of(message);
		if (size > cluster.options().maxMessageBytes()) {
			throw tooLarge(size, cluster, target);
		}
		return size;
	}

	/** Tells the size in bytes. */
	static int of(Message message) {
		return of(message, message.valueSize());
	}

	/**
	 * Tells the size in bytes.
	 * @param valueBytes of the value, and of headers that come with it
	 */
	static int of(Message message, int valueBytes) {
		byte[] key = message.key();
		int size = ENVELOPE_BYTES + valueBytes + ((key != null) ? key.length : 0);
		if (!message.headers().isEmpty()) {
			int[] sum = { size };
			message.headers().forEach((name, value) -> sum[0] += name.length() + value.length + HEADER_BYTES);
			size = sum[0];
		}
		return size;
	}

	/** Over the limit for what is stored in chunks. */
	static MessageTooLargeException tooLarge(int size, int limit, String target) {
		return new MessageTooLargeException("A message for " + target + " is " + size
				+ " bytes long with key and headers; the limit for messages in chunks is " + limit
				+ ". Send smaller messages, or raise the producer's option largeMessages"
				+ " (liftbridge.producer.max-large-message-size), and maxLargeMessageBytes of its readers if that is"
				+ " less.", null);
	}

	/** Over the limit of the server, and chunks are not allowed. */
	static MessageTooLargeException tooLarge(int size, Cluster cluster, String target) {
		return tooLarge(size, cluster, target,
				"store it in chunks with the producer's option largeMessages(bytes)"
						+ " (liftbridge.producer.max-large-message-size; in a client's bulk producers(p ->"
						+ " p.largeMessages(bytes)); for a topic's data claimCheckAbove(bytes))");
	}

	/**
	 * Over the limit of the server.
	 * @param remedy what else can be done
	 */
	static MessageTooLargeException tooLarge(int size, Cluster cluster, String target, String remedy) {
		return new MessageTooLargeException(
				"A message for " + target + " is " + size + " bytes long with key and headers; the limit is "
						+ cluster.options().maxMessageBytes() + ". Send smaller messages, " + remedy
						+ ", or raise maxMessageBytes (liftbridge.max-message-size) together with"
						+ " clustering.replication.max.bytes on the server and max_payload of NATS.",
				null);
	}

}
