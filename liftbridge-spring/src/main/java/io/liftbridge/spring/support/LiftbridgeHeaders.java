package io.liftbridge.spring.support;

import java.util.Set;

/**
 * Names of message headers. Those that begin with {@code liftbridge_} and are not about
 * dead letters exist only inside the application: they say where a received message comes
 * from, or where a message to be sent goes to.
 */
public final class LiftbridgeHeaders {

	/** What the names of this library begin with. */
	public static final String PREFIX = "liftbridge_";

	/** Name of the stream; a {@code String}. */
	public static final String STREAM = PREFIX + "stream";

	/** Number of the partition; an {@code Integer}. */
	public static final String PARTITION = PREFIX + "partition";

	/** Position in the partition; a {@code Long}. */
	public static final String OFFSET = PREFIX + "offset";

	/**
	 * Index among the records of a batch entry, counted from 0; absent if the message is
	 * no record.
	 */
	public static final String INDEX = PREFIX + "index";

	/** When the partition's leader received the message; an {@link java.time.Instant}. */
	public static final String TIMESTAMP = PREFIX + "timestamp";

	/**
	 * The key; a {@code String} if it is UTF-8, otherwise {@code byte[]}. Absent if there
	 * is none.
	 */
	public static final String KEY = PREFIX + "key";

	/** NATS subject the message arrived on; a {@code String}. */
	public static final String SUBJECT = PREFIX + "subject";

	/** NATS subject for replies; a {@code String}, absent if there is none. */
	public static final String REPLY_SUBJECT = PREFIX + "reply_subject";

	/** The message as it was read; a {@code ReceivedMessage<byte[]>}. */
	public static final String RECORD = PREFIX + "record";

	/** The {@link Acknowledgment} of the message or of the batch. */
	public static final String ACKNOWLEDGMENT = PREFIX + "acknowledgment";

	/** Id of the listener that receives the message; a {@code String}. */
	public static final String LISTENER_ID = PREFIX + "listener_id";

	/** The {@link ListenerContext} of the delivery. */
	public static final String LISTENER_CONTEXT = PREFIX + "listener_context";

	/** Acknowledgement policy of a message to be sent; an {@code AckPolicy}. */
	public static final String ACK_POLICY = PREFIX + "ack_policy";

	/** Media type of the value; travels with the message. */
	public static final String CONTENT_TYPE = "content-type";

	/**
	 * What the value is, for listeners with several {@code @LiftbridgeHandler} methods:
	 * the simple or full name of a class, or a name of the handler's own; a
	 * {@code String}. Travels with the message, where the sender sets it.
	 */
	public static final String PAYLOAD_TYPE = "payload-type";

	/** Stream that a dead letter was read from. */
	public static final String DLT_STREAM = PREFIX + "dlt_stream";

	/** Partition that a dead letter was read from, in decimal digits. */
	public static final String DLT_PARTITION = PREFIX + "dlt_partition";

	/** Offset that a dead letter was read from, in decimal digits. */
	public static final String DLT_OFFSET = PREFIX + "dlt_offset";

	/** Index of a dead letter among the records of its batch entry, if it had others. */
	public static final String DLT_INDEX = PREFIX + "dlt_index";

	/**
	 * Before the names of headers that told how to unpack a message, if that was what
	 * failed: its value is as it was stored.
	 */
	public static final String DLT_ENTRY_PREFIX = PREFIX + "dlt_entry_";

	/** Timestamp of the original message, in ISO 8601. */
	public static final String DLT_TIMESTAMP = PREFIX + "dlt_timestamp";

	/** Id of the listener that failed. */
	public static final String DLT_LISTENER_ID = PREFIX + "dlt_listener_id";

	/** Class of the exception. */
	public static final String DLT_EXCEPTION_CLASS = PREFIX + "dlt_exception_class";

	/** Message of the exception, shortened. */
	public static final String DLT_EXCEPTION_MESSAGE = PREFIX + "dlt_exception_message";

	/** Stack trace of the exception, shortened. */
	public static final String DLT_EXCEPTION_TRACE = PREFIX + "dlt_exception_trace";

	/**
	 * Present with the text {@code true} if the value was too large to be sent again
	 * together with these headers: read it from its original place.
	 */
	public static final String DLT_VALUE_OMITTED = PREFIX + "dlt_value_omitted";

	/** How often the message of a dead letter was tried, in decimal digits. */
	public static final String DLT_ATTEMPTS = PREFIX + "dlt_attempts";

	/**
	 * Present on a message that was put back from a dead-letter stream: where the dead
	 * letter is, as {@code stream/partition@offset}.
	 */
	public static final String DLT_REPLAYED_FROM = PREFIX + "dlt_replayed_from";

	/** Stream that a message on a retry stream comes from. */
	public static final String RETRY_STREAM = PREFIX + "retry_stream";

	/** Partition that a message on a retry stream comes from, in decimal digits. */
	public static final String RETRY_PARTITION = PREFIX + "retry_partition";

	/** Offset that a message on a retry stream comes from, in decimal digits. */
	public static final String RETRY_OFFSET = PREFIX + "retry_offset";

	/**
	 * Index of a message on a retry stream among the records of its batch entry, and how
	 * many there were, as {@code index/count}; absent if it was no record.
	 */
	public static final String RETRY_INDEX = PREFIX + "retry_index";

	/** Timestamp of the original message, in Unix nanoseconds. */
	public static final String RETRY_TIMESTAMP = PREFIX + "retry_timestamp";

	/**
	 * Under which id the listener that failed, or its group, stores its positions: who
	 * goes on there receives the message again, and nobody else.
	 */
	public static final String RETRY_CURSOR_ID = PREFIX + "retry_cursor_id";

	/** When the message is due, in Unix milliseconds. */
	public static final String RETRY_DUE = PREFIX + "retry_due";

	/**
	 * How often the message has come back over a retry stream, counted from 1; the
	 * listener sees it, too.
	 */
	public static final String RETRY_ROUND = PREFIX + "retry_round";

	/** How often the message was tried so far; the listener sees it, too. */
	public static final String RETRY_ATTEMPTS = PREFIX + "retry_attempts";

	/** Class of the exception that the message was put on a retry stream for. */
	public static final String RETRY_EXCEPTION_CLASS = PREFIX + "retry_exception_class";

	/** Message of that exception, shortened. */
	public static final String RETRY_EXCEPTION_MESSAGE = PREFIX + "retry_exception_message";

	private static final Set<String> LOCAL = Set.of(STREAM, PARTITION, OFFSET, INDEX, TIMESTAMP, KEY, SUBJECT,
			REPLY_SUBJECT, RECORD, ACKNOWLEDGMENT, LISTENER_ID, LISTENER_CONTEXT, ACK_POLICY);

	private LiftbridgeHeaders() {
	}

	/**
	 * Tells whether a header stays inside the application.
	 * @param name its name
	 * @return whether it is not sent
	 */
	public static boolean isLocal(String name) {
		return LOCAL.contains(name);
	}

}
