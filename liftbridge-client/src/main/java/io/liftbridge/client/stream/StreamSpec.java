package io.liftbridge.client.stream;

import java.time.Duration;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Namespace;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.NullableInt32;
import io.liftbridge.proto.NullableInt64;
import io.liftbridge.proto.StreamMetadata;

/**
 * What a new stream is to be like. Immutable: each method gives a changed copy. What is
 * not set follows the server's configuration.
 */
public final class StreamSpec {

	/** Replication factor that means one replica on every broker. */
	public static final int MAX = -1;

	/** The server counts in nanoseconds. */
	private static final Duration LONGEST = Duration.ofDays(100 * 365);

	private final CreateStreamRequest request;

	private StreamSpec(CreateStreamRequest request) {
		this.request = request;
	}

	/**
	 * A stream with one partition and one replica, on a subject of the same name.
	 * @param name its name, unique in the cluster: 1 to 200 bytes without blanks, empty
	 * dot tokens and the characters {@code * > /}
	 * @return the specification
	 * @throws InvalidRequestException if the name is not allowed
	 */
	public static StreamSpec named(String name) {
		StreamNames.checkNewStream(name);
		return new StreamSpec(CreateStreamRequest.newBuilder()
			.setName(name)
			.setSubject(name)
			.setPartitions(1)
			.setReplicationFactor(1)
			.build());
	}

	/**
	 * Sets the NATS subject; partition n above 0 listens on {@code subject.n}.
	 * @param subject the subject, possibly with wildcards; by default the stream's name
	 * @return a changed copy
	 * @throws InvalidRequestException if the subject is not allowed
	 */
	public StreamSpec subject(String subject) {
		StreamNames.checkSubject(subject, this.request.getPartitions());
		return with(edit().setSubject(subject));
	}

	/**
	 * Sets how many partitions there are; it cannot be changed later.
	 * @param partitions how many, 1 (default) and above
	 * @return a changed copy
	 * @throws InvalidRequestException if it is below 1
	 */
	public StreamSpec partitions(int partitions) {
		positive("partitions", partitions);
		StreamNames.checkSubject(this.request.getSubject(), partitions);
		return with(edit().setPartitions(partitions));
	}

	/**
	 * Sets how many brokers keep each partition.
	 * @param replicationFactor how many, 1 (default) and above, or {@link #MAX}
	 * @return a changed copy
	 * @throws InvalidRequestException if it is 0 or below -1
	 */
	public StreamSpec replicationFactor(int replicationFactor) {
		if (replicationFactor != MAX) {
			positive("replicationFactor", replicationFactor);
		}
		return with(edit().setReplicationFactor(replicationFactor));
	}

	/**
	 * Sets the NATS queue group: of several streams with the same subject and the same
	 * group exactly one, at random, stores each message. Not a consumer group.
	 * @param group its name
	 * @return a changed copy
	 * @throws InvalidRequestException if the name is not allowed
	 */
	public StreamSpec loadBalanceGroup(String group) {
		return with(edit().setGroup(StreamNames.checkGroup(group)));
	}

	/**
	 * Sets how long messages are kept. Whole segments are removed.
	 * @param age at least 1 ms, or zero for ever, whatever the server's configuration
	 * says
	 * @return a changed copy
	 * @throws InvalidRequestException if it is negative, or neither zero nor 1 ms
	 */
	public StreamSpec retention(Duration age) {
		return with(edit().setRetentionMaxAge(millisOrZero("retention", age)));
	}

	/**
	 * Sets how many bytes a partition may hold. Whole segments are removed.
	 * @param bytes 1 and above, or 0 for no limit, whatever the server's configuration
	 * says
	 * @return a changed copy
	 * @throws InvalidRequestException if it is negative
	 */
	public StreamSpec retentionBytes(long bytes) {
		return with(edit().setRetentionMaxBytes(numberOrZero("retentionBytes", bytes)));
	}

	/**
	 * Sets how many messages a partition may hold. Whole segments are removed, so it is
	 * approximate.
	 * @param messages 1 and above, or 0 for no limit, whatever the server's configuration
	 * says
	 * @return a changed copy
	 * @throws InvalidRequestException if it is negative
	 */
	public StreamSpec retentionMessages(long messages) {
		return with(edit().setRetentionMaxMessages(numberOrZero("retentionMessages", messages)));
	}

	/**
	 * Sets how often retention and compaction run.
	 * @param interval at least 1 ms
	 * @return a changed copy
	 */
	public StreamSpec cleanerInterval(Duration interval) {
		return with(edit().setCleanerInterval(millis("cleanerInterval", interval)));
	}

	/**
	 * Sets the size after which a new segment is started.
	 * @param bytes 1 and above
	 * @return a changed copy
	 */
	public StreamSpec segmentBytes(long bytes) {
		return with(edit().setSegmentMaxBytes(number("segmentBytes", bytes)));
	}

	/**
	 * Sets the age after which a new segment is started.
	 * @param age at least 1 ms, or zero if only the size matters
	 * @return a changed copy
	 * @throws InvalidRequestException if it is negative, or neither zero nor 1 ms
	 */
	public StreamSpec segmentAge(Duration age) {
		return with(edit().setSegmentMaxAge(millisOrZero("segmentAge", age)));
	}

	/**
	 * Sets whether only the last message of each key is kept.
	 * @param compact whether to compact
	 * @return a changed copy
	 */
	public StreamSpec compact(boolean compact) {
		return with(edit().setCompactEnabled(flag(compact)));
	}

	/**
	 * Sets how many segments are compacted at the same time.
	 * @param parallelism 1 and above
	 * @return a changed copy
	 */
	public StreamSpec compactParallelism(int parallelism) {
		positive("compactParallelism", parallelism);
		return with(edit().setCompactMaxGoroutines(NullableInt32.newBuilder().setValue(parallelism)));
	}

	/**
	 * Sets after how long without a message a partition pauses itself.
	 * @param idle at least 1 ms, or zero for never, whatever the server's configuration
	 * says
	 * @return a changed copy
	 * @throws InvalidRequestException if it is negative, or neither zero nor 1 ms
	 */
	public StreamSpec autoPause(Duration idle) {
		return with(edit().setAutoPauseTime(millisOrZero("autoPause", idle)));
	}

	/**
	 * Sets whether a partition that is being read never pauses itself.
	 * @param disable whether subscribers keep it awake
	 * @return a changed copy
	 */
	public StreamSpec autoPauseDisableIfSubscribers(boolean disable) {
		return with(edit().setAutoPauseDisableIfSubscribers(flag(disable)));
	}

	/**
	 * Sets how many in-sync replicas a message needs to be committed.
	 * @param replicas 1 and above
	 * @return a changed copy
	 */
	public StreamSpec minIsr(int replicas) {
		positive("minIsr", replicas);
		return with(edit().setMinIsr(NullableInt32.newBuilder().setValue(replicas)));
	}

	/**
	 * Sets whether a message is only stored at the offset that it expects.
	 * @param enabled whether to check expected offsets
	 * @return a changed copy
	 */
	public StreamSpec optimisticConcurrency(boolean enabled) {
		return with(edit().setOptimisticConcurrencyControl(flag(enabled)));
	}

	/**
	 * Sets whether data is encrypted at rest; the server needs a key for it.
	 * @param enabled whether to encrypt
	 * @return a changed copy
	 */
	public StreamSpec encryption(boolean enabled) {
		return with(edit().setEncryption(flag(enabled)));
	}

	/**
	 * The stream's name.
	 * @return the name
	 */
	public String name() {
		return this.request.getName();
	}

	/**
	 * The stream's subject.
	 * @return the subject
	 */
	public String subject() {
		return this.request.getSubject();
	}

	/**
	 * The number of partitions.
	 * @return how many there are to be
	 */
	public int partitions() {
		return this.request.getPartitions();
	}

	/**
	 * The replication factor.
	 * @return how many brokers keep each partition, or {@link #MAX}
	 */
	public int replicationFactor() {
		return this.request.getReplicationFactor();
	}

	/** Whether a stream that exists may have been created by it. */
	boolean describes(StreamMetadata stream, Namespace namespace) {
		String subject = subject().equals(name()) ? namespace.outer(name()) : subject();
		return stream.getSubject().equals(subject) && stream.getPartitionsCount() == partitions();
	}

	CreateStreamRequest request() {
		return this.request;
	}

	private CreateStreamRequest.Builder edit() {
		return this.request.toBuilder();
	}

	private static StreamSpec with(CreateStreamRequest.Builder builder) {
		return new StreamSpec(builder.build());
	}

	private static void positive(String option, long value) {
		if (value < 1) {
			throw new InvalidRequestException("Stream option " + option + " is " + value + "; it must be 1 or more.",
					null);
		}
	}

	private static NullableInt64 numberOrZero(String option, long value) {
		return (value != 0) ? number(option, value) : NullableInt64.getDefaultInstance();
	}

	private static NullableInt64 millisOrZero(String option, Duration value) {
		return value.isZero() ? NullableInt64.getDefaultInstance() : millis(option, value);
	}

	private static NullableInt64 number(String option, long value) {
		positive(option, value);
		return NullableInt64.newBuilder().setValue(value).build();
	}

	private static NullableInt64 millis(String option, Duration value) {
		Bounds.atMost("Stream option " + option, value, LONGEST);
		if (value.toMillis() < 1) {
			throw new InvalidRequestException(
					"Stream option " + option + " is " + value + "; it must be at least one millisecond.", null);
		}
		return NullableInt64.newBuilder().setValue(value.toMillis()).build();
	}

	private static NullableBool flag(boolean value) {
		return NullableBool.newBuilder().setValue(value).build();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof StreamSpec that && this.request.equals(that.request);
	}

	@Override
	public int hashCode() {
		return this.request.hashCode();
	}

	@Override
	public String toString() {
		return "StreamSpec[" + name() + ", subject " + subject() + ", partitions " + partitions() + "]";
	}

}
