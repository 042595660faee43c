package io.liftbridge.client.producer;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.entry.ChunkHeader;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.PublishRequest;

/**
 * Splits messages over the server's limit into chunks, without copying. Safe for use by
 * many threads.
 */
final class Chunker {

	/** Of an id: 16 digits at random, a hyphen, and the number of the message. */
	private static final int MOST_ID_BYTES = 16 + 1 + 16;

	private static final int CHUNK_HEADER_BYTES = EntryHeaders.CHUNK.length() + ChunkHeader.MOST_BYTES + MOST_ID_BYTES
			+ MessageSize.HEADER_BYTES;

	/**
	 * The server adds the names of the cluster, the stream and the subject to a message
	 * before it compares it with its limit. Each chunk but the last is as large as it may
	 * be, so that all of them would be refused.
	 */
	private static final int NAMES_BYTES = 1024;

	private final ProducerOptions options;

	private final int limit;

	/** How much of a value, or of key and headers, goes into a chunk. */
	private final int room;

	private final String prefix = String.format("%016x-", ThreadLocalRandom.current().nextLong());

	private final AtomicLong messages = new AtomicLong();

	/**
	 * Creates it.
	 * @param maxMessageBytes the server's limit
	 * @throws InvalidRequestException if these cannot work together
	 */
	Chunker(ProducerOptions options, int maxMessageBytes) {
		this.options = options;
		this.limit = maxMessageBytes - options.extraBytes() - Math.min(NAMES_BYTES, maxMessageBytes / 8);
		this.room = this.limit - MessageSize.ENVELOPE_BYTES - CHUNK_HEADER_BYTES;
		if (this.room < 1) {
			throw refused("needs messages of more than " + (maxMessageBytes - this.room)
					+ " bytes; maxMessageBytes (liftbridge.max-message-size) is " + maxMessageBytes);
		}
		if (options.largeMessages() > options.maxInFlightBytes()) {
			throw refused("is more than maxInFlightBytes (liftbridge.producer.max-in-flight-size), which is "
					+ options.maxInFlightBytes() + ": such a message could never be on its way with others");
		}
	}

	private InvalidRequestException refused(String why) {
		return new InvalidRequestException("Producer option largeMessages of stream '" + this.options.stream() + "' is "
				+ this.options.largeMessages() + ", which " + why + ".", null);
	}

	/** Most bytes of a message that is stored as one, without what is added to each. */
	int limit() {
		return this.limit;
	}

	/**
	 * Splits a message.
	 * @param request with all of it
	 * @param bytes its size with key and headers
	 */
	LargePending split(Message message, PublishRequest.Builder request, int bytes, boolean acknowledged,
			boolean awaited) {
		if (message.expectedOffset() != Message.ANY_OFFSET || !message.ackInbox().isEmpty()) {
			throw new InvalidRequestException("A message for stream '" + this.options.stream() + "' is " + bytes
					+ " bytes long and would be stored in chunks, but has an expected offset or an ackInbox; only a"
					+ " message that is stored as one can have these.", null);
		}
		ByteString value = request.getValue();
		ByteString key = request.getKey();
		int rest = bytes - MessageSize.ENVELOPE_BYTES - value.size() + this.options.extraBytes();
		if (!key.isEmpty()) {
			request.clearKey().putHeaders(EntryHeaders.CHUNK_KEY, key);
			rest += EntryHeaders.CHUNK_KEY.length() + MessageSize.HEADER_BYTES;
		}
		if (rest > this.room) {
			throw new MessageTooLargeException("A message for stream '" + this.options.stream() + "' has a key and"
					+ " headers of " + rest + " bytes, which must fit into one chunk of " + this.room
					+ " bytes. Put what is large into the value.", null);
		}
		int count = (int) (((long) value.size() + rest + this.room - 1) / this.room);
		return new LargePending(message, request, bytes, acknowledged, awaited, this.options.attempts(),
				new Chunks(value, this.room, this.prefix + Long.toHexString(this.messages.incrementAndGet()), count));
	}

	/**
	 * The chunks of a message.
	 *
	 * @param value the value
	 * @param room how much of it goes into a chunk
	 * @param id of the message
	 * @param count how many chunks there are
	 */
	record Chunks(ByteString value, int room, String id, int count) {

		/** Puts a chunk into its request. */
		void put(int index, PublishRequest.Builder request) {
			long from = Math.min(this.value.size(), (long) index * this.room);
			long to = Math.min(this.value.size(), from + this.room);
			request.setValue(this.value.substring((int) from, (int) to))
				.putHeaders(EntryHeaders.CHUNK,
						UnsafeByteOperations.unsafeWrap(new ChunkHeader(this.id, index, this.count).toBytes()));
		}

	}

}
