package io.liftbridge.client.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message read from a stream. Immutable and safe for use by many threads; arrays are
 * not copied and must not be changed.
 *
 * @param <T> type of the value: {@code byte[]} as it comes from the server, or what a
 * converter made of it
 */
public final class ReceivedMessage<T> {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private final String stream;

	private final int partition;

	private final long offset;

	private final long timestampNanos;

	private final byte @Nullable [] key;

	private final T value;

	private final Headers headers;

	private final String subject;

	private final String replySubject;

	private final int index;

	private final int recordCount;

	private final long creationNanos;

	/** Only where its position is more than its offset. */
	private final @Nullable Span span;

	private ReceivedMessage(String stream, int partition, long offset, long timestampNanos, byte @Nullable [] key,
			T value, Headers headers, String subject, String replySubject, int index, int recordCount,
			long creationNanos, @Nullable Span span) {
		this.stream = stream;
		this.partition = partition;
		this.offset = offset;
		this.timestampNanos = timestampNanos;
		this.key = key;
		this.value = value;
		this.headers = headers;
		this.subject = subject;
		this.replySubject = replySubject;
		this.index = index;
		this.recordCount = recordCount;
		this.creationNanos = creationNanos;
		this.span = span;
	}

	/**
	 * A message as it was read.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset position in the partition, counted from 0
	 * @param timestampNanos when the leader received it, in Unix nanoseconds
	 * @param key the key, or {@code null}
	 * @param value the value
	 * @param headers the headers
	 * @param subject the NATS subject it arrived on
	 * @return the message
	 */
	public static ReceivedMessage<byte[]> of(String stream, int partition, long offset, long timestampNanos,
			byte @Nullable [] key, byte[] value, Headers headers, String subject) {
		return of(stream, partition, offset, timestampNanos, key, value, headers, subject, "");
	}

	/**
	 * A message as it was read.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset position in the partition, counted from 0
	 * @param timestampNanos when the leader received it, in Unix nanoseconds
	 * @param key the key, or {@code null}
	 * @param value the value
	 * @param headers the headers
	 * @param subject the NATS subject it arrived on
	 * @param replySubject the NATS subject for replies, possibly empty
	 * @return the message
	 */
	public static ReceivedMessage<byte[]> of(String stream, int partition, long offset, long timestampNanos,
			byte @Nullable [] key, byte[] value, Headers headers, String subject, String replySubject) {
		return new ReceivedMessage<>(stream, partition, offset, timestampNanos, key, value, headers, subject,
				replySubject, 0, 1, 0, null);
	}

	/**
	 * A record of this message, which is a batch entry.
	 * @param index its place among the records, counted from 0
	 * @param recordCount how many records there are
	 * @param creationNanos when its producer took it, in Unix nanoseconds; 0 if that is
	 * not known
	 * @param key the key, or {@code null}
	 * @param value the value
	 * @param headers the headers
	 * @return the record, with the rest as in this message
	 */
	public ReceivedMessage<byte[]> record(int index, int recordCount, long creationNanos, byte @Nullable [] key,
			byte[] value, Headers headers) {
		return new ReceivedMessage<>(this.stream, this.partition, this.offset, this.timestampNanos, key, value, headers,
				this.subject, this.replySubject, index, recordCount, creationNanos, this.span);
	}

	/**
	 * The same message with another value.
	 * @param value the value
	 * @param <U> type of the value
	 * @return the message
	 */
	public <U> ReceivedMessage<U> withValue(U value) {
		return new ReceivedMessage<>(this.stream, this.partition, this.offset, this.timestampNanos, this.key, value,
				this.headers, this.subject, this.replySubject, this.index, this.recordCount, this.creationNanos,
				this.span);
	}

	/**
	 * The same message with other headers.
	 * @param headers the headers
	 * @return the message
	 */
	public ReceivedMessage<T> withHeaders(Headers headers) {
		return new ReceivedMessage<>(this.stream, this.partition, this.offset, this.timestampNanos, this.key,
				this.value, headers, this.subject, this.replySubject, this.index, this.recordCount, this.creationNanos,
				this.span);
	}

	/**
	 * The same message, read among others of which only a part had arrived, or of several
	 * parts itself. For use inside the client.
	 * @param resume the offset to begin at so as to get all of these
	 * @param limit up to where the partition is processed at the most when this message
	 * is
	 * @return the message
	 */
	public ReceivedMessage<T> within(long resume, long limit) {
		return new ReceivedMessage<>(this.stream, this.partition, this.offset, this.timestampNanos, this.key,
				this.value, this.headers, this.subject, this.replySubject, this.index, this.recordCount,
				this.creationNanos, new Span(resume, limit));
	}

	/**
	 * The stream it was read from.
	 * @return the stream's name
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * The partition it was read from.
	 * @return the partition's number
	 */
	public int partition() {
		return this.partition;
	}

	/**
	 * Its position in the partition, counted from 0. Positions grow and may have gaps;
	 * records of one batch entry have the same one. A large message that is stored in
	 * chunks has the position of the last of them.
	 * @return the offset
	 */
	public long offset() {
		return this.offset;
	}

	/**
	 * Its place among the records of a batch entry, which all have the same
	 * {@link #offset()}.
	 * @return the place, counted from 0; 0 for a message that is no record
	 */
	public int index() {
		return this.index;
	}

	/**
	 * How many records its batch entry has.
	 * @return the number, 1 for a message that is no record
	 */
	public int recordCount() {
		return this.recordCount;
	}

	/**
	 * Up to where the partition is processed when this message and all before it are:
	 * what a cursor may be set to. A cursor knows no records, so that an entry counts
	 * only when its last record is processed; and no chunks, so that it stays before a
	 * large message of which the first chunk was read and the last one was not.
	 * @return {@link #offset()}, or less if something of before it follows
	 */
	public long processedOffset() {
		long own = (this.index == this.recordCount - 1) ? this.offset : resumeOffset() - 1;
		return (this.span != null) ? Math.min(own, this.span.limit) : own;
	}

	/**
	 * Where reading must begin to get this message again, and all that were not delivered
	 * before it.
	 * @return {@link #offset()}, or less: that of the first chunk of a large message
	 */
	public long resumeOffset() {
		return (this.span != null) ? this.span.resume : this.offset;
	}

	/**
	 * When the producer took it, which records of batch entries tell.
	 * @return Unix time in nanoseconds by the producer's clock, 0 if it is not known
	 */
	public long creationNanos() {
		return this.creationNanos;
	}

	/**
	 * When the leader received it.
	 * @return the time
	 */
	public Instant timestamp() {
		return instant(this.timestampNanos);
	}

	/**
	 * When the leader received it.
	 * @return Unix time in nanoseconds
	 */
	public long timestampNanos() {
		return this.timestampNanos;
	}

	/**
	 * The key.
	 * @return the key, or {@code null} if there is none
	 */
	public byte @Nullable [] key() {
		return this.key;
	}

	/**
	 * The key as UTF-8.
	 * @return the key, or {@code null} if there is none
	 */
	public @Nullable String keyText() {
		return (this.key != null) ? new String(this.key, StandardCharsets.UTF_8) : null;
	}

	/**
	 * The value.
	 * @return the value
	 */
	public T value() {
		return this.value;
	}

	/**
	 * The value as text.
	 * @return the bytes as UTF-8, or what another value says of itself
	 */
	public String text() {
		return (this.value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8)
				: String.valueOf(this.value);
	}

	/**
	 * The headers, among them {@code subject} and {@code reply} that the server sets.
	 * @return the headers
	 */
	public Headers headers() {
		return this.headers;
	}

	/**
	 * The NATS subject it arrived on.
	 * @return the subject
	 */
	public String subject() {
		return this.subject;
	}

	/**
	 * The NATS subject for replies.
	 * @return the subject, empty if there is none
	 */
	public String replySubject() {
		return this.replySubject;
	}

	/**
	 * Converts the server's unit of time.
	 * @param nanos Unix time in nanoseconds
	 * @return the same time
	 */
	public static Instant instant(long nanos) {
		return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
	}

	@Override
	public String toString() {
		return "ReceivedMessage[" + this.stream + "/" + this.partition + "@" + this.offset
				+ ((this.recordCount > 1) ? "." + this.index : "") + "]";
	}

	private record Span(long resume, long limit) {
	}

}
