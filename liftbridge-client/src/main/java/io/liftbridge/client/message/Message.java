package io.liftbridge.client.message;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A message to publish: a value, and optionally a key, headers, a partition, an
 * acknowledgement policy. Immutable and safe for use by many threads.
 * <p>
 * Arrays are not copied: do not change them before the message's future is complete.
 */
public final class Message {

	/** Stands for "no particular partition": the producer's partitioner chooses. */
	public static final int ANY_PARTITION = -1;

	/** Stands for "at whatever offset". */
	public static final long ANY_OFFSET = -1;

	/** Stands for "no publishing id of the user's own". */
	public static final long NO_PUBLISHING_ID = -1;

	private static final byte[] NOTHING = {};

	private final byte @Nullable [] key;

	private final byte[] value;

	/** In place of the value, if that has parts. */
	private final @Nullable Data parts;

	private final Headers headers;

	private final int partition;

	private final @Nullable AckPolicy ackPolicy;

	private final long expectedOffset;

	private final long publishingId;

	private final String ackInbox;

	private final String correlationId;

	private final @Nullable Boolean compress;

	private Message(Builder builder) {
		this.key = builder.key;
		this.value = builder.value;
		this.parts = builder.parts;
		this.headers = builder.headers;
		this.partition = builder.partition;
		this.ackPolicy = builder.ackPolicy;
		this.expectedOffset = builder.expectedOffset;
		this.publishingId = builder.publishingId;
		this.ackInbox = builder.ackInbox;
		this.correlationId = builder.correlationId;
		this.compress = builder.compress;
	}

	/**
	 * A message without key.
	 * @param value its value, may be empty but not {@code null}
	 * @return the message
	 */
	public static Message of(byte[] value) {
		return builder().value(value).build();
	}

	/**
	 * A message with a key.
	 * @param key its key, stored as UTF-8
	 * @param value its value, may be empty but not {@code null}
	 * @return the message
	 */
	public static Message of(String key, byte[] value) {
		return builder().key(key).value(value).build();
	}

	/**
	 * A message with a key.
	 * @param key its key
	 * @param value its value, stored as UTF-8
	 * @return the message
	 */
	public static Message of(String key, String value) {
		return builder().key(key).value(value).build();
	}

	/**
	 * Starts a message.
	 * @return a builder with an empty value
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a copy of this message.
	 * @return a builder with this message's parts
	 */
	public Builder toBuilder() {
		Builder builder = new Builder();
		builder.key = this.key;
		builder.value = this.value;
		builder.parts = this.parts;
		builder.headers = this.headers;
		builder.partition = this.partition;
		builder.ackPolicy = this.ackPolicy;
		builder.expectedOffset = this.expectedOffset;
		builder.publishingId = this.publishingId;
		builder.ackInbox = this.ackInbox;
		builder.correlationId = this.correlationId;
		builder.compress = this.compress;
		return builder;
	}

	/**
	 * The key, by which messages are spread over partitions and compacted.
	 * @return the key, or {@code null}
	 */
	public byte @Nullable [] key() {
		return this.key;
	}

	/**
	 * The value.
	 * @return the value, possibly empty; if it was given in parts, they are put together
	 * by the first call
	 */
	public byte[] value() {
		return (this.parts != null) ? this.parts.toArray() : this.value;
	}

	/**
	 * The length of the value.
	 * @return how many bytes it has
	 */
	public int valueSize() {
		return (this.parts != null) ? this.parts.size() : this.value.length;
	}

	/**
	 * The value in its parts.
	 * @return the parts, or {@code null} if it was given as a whole
	 */
	public @Nullable Data parts() {
		return this.parts;
	}

	/**
	 * The headers.
	 * @return the headers, possibly empty
	 */
	public Headers headers() {
		return this.headers;
	}

	/**
	 * The partition asked for.
	 * @return its number, or {@link #ANY_PARTITION}
	 */
	public int partition() {
		return this.partition;
	}

	/**
	 * The acknowledgement policy of this message.
	 * @return the policy, or {@code null} for the producer's
	 */
	public @Nullable AckPolicy ackPolicy() {
		return this.ackPolicy;
	}

	/**
	 * The offset that this message must get on a stream with optimistic concurrency
	 * control. Other streams ignore it.
	 * @return the offset, or {@link #ANY_OFFSET}
	 */
	public long expectedOffset() {
		return this.expectedOffset;
	}

	/**
	 * The user's own number of this message, for producers with publishing ids.
	 * @return the number, or {@link #NO_PUBLISHING_ID} if the producer numbers it
	 */
	public long publishingId() {
		return this.publishingId;
	}

	/**
	 * The NATS subject that the server sends the acknowledgement to, for whoever listens
	 * there.
	 * @return the subject, empty for none of the user's own
	 */
	public String ackInbox() {
		return this.ackInbox;
	}

	/**
	 * The user's own mark of the message, given back by {@link Ack#correlationId()}. It
	 * is not stored.
	 * @return the mark, possibly empty
	 */
	public String correlationId() {
		return this.correlationId;
	}

	/**
	 * Whether the value is to be compressed as the producer was told.
	 * @return {@code true} for at any length, {@code false} for never, {@code null} for
	 * from the producer's threshold on
	 */
	public @Nullable Boolean compress() {
		return this.compress;
	}

	@Override
	public String toString() {
		return "Message[" + valueSize() + " bytes, "
				+ ((this.key != null) ? "key of " + this.key.length + " bytes" : "no key") + ", headers " + this.headers
				+ "]";
	}

	/**
	 * Collects the parts of a message. Not safe for use by several threads.
	 */
	public static final class Builder {

		private byte @Nullable [] key;

		private byte[] value = NOTHING;

		private @Nullable Data parts;

		private Headers headers = Headers.empty();

		private int partition = ANY_PARTITION;

		private @Nullable AckPolicy ackPolicy;

		private long expectedOffset = ANY_OFFSET;

		private long publishingId = NO_PUBLISHING_ID;

		private String ackInbox = "";

		private String correlationId = "";

		private @Nullable Boolean compress;

		private Builder() {
		}

		/**
		 * Sets the key.
		 * @param key the key; {@code null} or empty for none
		 * @return this builder
		 */
		public Builder key(byte @Nullable [] key) {
			this.key = (key != null && key.length > 0) ? key : null;
			return this;
		}

		/**
		 * Sets the key.
		 * @param key the key, stored as UTF-8; {@code null} or empty for none
		 * @return this builder
		 */
		public Builder key(@Nullable String key) {
			return key((key != null) ? key.getBytes(StandardCharsets.UTF_8) : null);
		}

		/**
		 * Sets the value.
		 * @param value the value, may be empty
		 * @return this builder
		 */
		public Builder value(byte[] value) {
			this.value = present(value);
			this.parts = null;
			return this;
		}

		/**
		 * Sets the value in parts, which are not put together on their way to the
		 * network.
		 * @param value the value, may be empty; see {@link Data} for who owns its bytes
		 * @return this builder
		 */
		public Builder value(Data value) {
			this.parts = present(value);
			return this;
		}

		/**
		 * Sets the value.
		 * @param value the value, stored as UTF-8
		 * @return this builder
		 */
		public Builder value(String value) {
			return value(present(value).getBytes(StandardCharsets.UTF_8));
		}

		private static <T> T present(T value) {
			return Objects.requireNonNull(value,
					"The value of a message is null; leave it out, or use an empty one, for none.");
		}

		/**
		 * Adds or replaces a header.
		 * @param name its name
		 * @param value its value
		 * @return this builder
		 * @throws InvalidRequestException if the name is empty or too long
		 */
		public Builder header(String name, byte[] value) {
			this.headers = this.headers.with(name, value);
			return this;
		}

		/**
		 * Adds or replaces a header.
		 * @param name its name
		 * @param value its value, stored as UTF-8
		 * @return this builder
		 * @throws InvalidRequestException if the name is empty or too long
		 */
		public Builder header(String name, String value) {
			this.headers = this.headers.with(name, value);
			return this;
		}

		/**
		 * Replaces all headers.
		 * @param headers the headers
		 * @return this builder
		 */
		public Builder headers(Headers headers) {
			this.headers = headers;
			return this;
		}

		/**
		 * Asks for a partition.
		 * @param partition its number, counted from 0, or {@link #ANY_PARTITION}
		 * (default)
		 * @return this builder
		 * @throws InvalidRequestException if it is below -1
		 */
		public Builder partition(int partition) {
			if (partition < ANY_PARTITION) {
				throw new InvalidRequestException("Partition " + partition + " is not a partition: use 0 and above, or "
						+ ANY_PARTITION + " to let the partitioner choose.", null);
			}
			this.partition = partition;
			return this;
		}

		/**
		 * Sets the acknowledgement policy of this message.
		 * @param ackPolicy the policy, or {@code null} for the producer's (default)
		 * @return this builder
		 */
		public Builder ackPolicy(@Nullable AckPolicy ackPolicy) {
			this.ackPolicy = ackPolicy;
			return this;
		}

		/**
		 * Sets the offset that this message must get on a stream with optimistic
		 * concurrency control.
		 * @param expectedOffset the offset, or {@link #ANY_OFFSET} (default)
		 * @return this builder
		 * @throws InvalidRequestException if it is below -1
		 */
		public Builder expectedOffset(long expectedOffset) {
			if (expectedOffset < ANY_OFFSET) {
				throw new InvalidRequestException("Expected offset " + expectedOffset
						+ " can never come true: use 0 and above, or " + ANY_OFFSET + " for any.", null);
			}
			this.expectedOffset = expectedOffset;
			return this;
		}

		/**
		 * Numbers the message: the place in the user's own source, by which a producer
		 * with {@code publishingIds(true)} knows after a restart what is stored already.
		 * Within a partition the numbers must rise; they may have gaps.
		 * @param publishingId the number, 0 or more, or {@link #NO_PUBLISHING_ID}
		 * (default): the producer numbers the message
		 * @return this builder
		 * @throws InvalidRequestException if it is below -1
		 */
		public Builder publishingId(long publishingId) {
			if (publishingId < NO_PUBLISHING_ID) {
				throw new InvalidRequestException("Publishing id " + publishingId
						+ " is not allowed: use 0 and above, or " + NO_PUBLISHING_ID + " for none.", null);
			}
			this.publishingId = publishingId;
			return this;
		}

		/**
		 * Asks the server to send the acknowledgement to a NATS subject, too, where
		 * somebody else may listen for it. A producer then sends the message in a call of
		 * its own, which is slower, and not in order with the others.
		 * @param ackInbox a subject without wildcards, empty for none (default)
		 * @return this builder
		 */
		public Builder ackInbox(String ackInbox) {
			this.ackInbox = ackInbox;
			return this;
		}

		/**
		 * Marks the message for the user's own purposes.
		 * @param correlationId the mark that {@link Ack#correlationId()} gives back,
		 * default empty; need not be unique
		 * @return this builder
		 */
		public Builder correlationId(String correlationId) {
			this.correlationId = correlationId;
			return this;
		}

		/**
		 * Decides about the compression of this message; without effect if its producer
		 * has none, and on records of a batch entry, which is compressed as a whole.
		 * @param compress {@code true} to compress it at any length, {@code false} to
		 * never do so; default: from the producer's threshold on
		 * @return this builder
		 */
		public Builder compress(boolean compress) {
			this.compress = compress;
			return this;
		}

		/**
		 * Completes the message.
		 * @return the message
		 * @throws InvalidRequestException if headers that were received stand for more
		 * than the server takes
		 */
		public Message build() {
			this.headers.requireSendable();
			return new Message(this);
		}

	}

}
