package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.streams[*]}: a stream that is created at the
 * start where it is absent. What is not set follows the server's configuration.
 */
public class StreamProperties {

	/**
	 * Name of the stream, unique in the cluster.
	 */
	private @Nullable String name;

	/**
	 * NATS subject that the stream listens on. Equal to its name if not set.
	 */
	private @Nullable String subject;

	/**
	 * Number of partitions. It cannot be changed later.
	 */
	private int partitions = 1;

	/**
	 * Number of brokers that keep each partition, or 'max' for all of them.
	 */
	private String replicationFactor = "1";

	/**
	 * NATS queue group. Of several streams with the same subject and group exactly one
	 * stores each message.
	 */
	private @Nullable String loadBalanceGroup;

	/**
	 * Age after which messages are removed; 0 for never, whatever the server's
	 * configuration says.
	 */
	private @Nullable Duration retention;

	/**
	 * Maximum size of a partition; 0 for no limit. The oldest messages are removed.
	 */
	private @Nullable DataSize retentionSize;

	/**
	 * Maximum number of messages in a partition; 0 for no limit. The oldest are removed.
	 */
	private @Nullable Long retentionMessages;

	/**
	 * Interval at which retention and compaction run.
	 */
	private @Nullable Duration cleanerInterval;

	/**
	 * Size after which a new segment is started.
	 */
	private @Nullable DataSize segmentSize;

	/**
	 * Age after which a new segment is started; 0 if only its size matters.
	 */
	private @Nullable Duration segmentAge;

	/**
	 * Whether only the last message of each key is kept.
	 */
	private @Nullable Boolean compact;

	/**
	 * Maximum number of segments that are compacted at the same time.
	 */
	private @Nullable Integer compactParallelism;

	/**
	 * Time without a message after which a partition pauses itself; 0 for never.
	 */
	private @Nullable Duration autoPause;

	/**
	 * Whether a partition that is being read never pauses itself.
	 */
	private @Nullable Boolean autoPauseDisableIfSubscribers;

	/**
	 * Minimum number of in-sync replicas that a message needs to be committed.
	 */
	private @Nullable Integer minIsr;

	/**
	 * Whether a message is only stored at the offset that it expects.
	 */
	private @Nullable Boolean optimisticConcurrency;

	/**
	 * Whether data is encrypted at rest. Needs a key on the server.
	 */
	private @Nullable Boolean encryption;

	public @Nullable String getName() {
		return this.name;
	}

	public void setName(@Nullable String name) {
		this.name = name;
	}

	public @Nullable String getSubject() {
		return this.subject;
	}

	public void setSubject(@Nullable String subject) {
		this.subject = subject;
	}

	public int getPartitions() {
		return this.partitions;
	}

	public void setPartitions(int partitions) {
		this.partitions = partitions;
	}

	public String getReplicationFactor() {
		return this.replicationFactor;
	}

	public void setReplicationFactor(String replicationFactor) {
		this.replicationFactor = replicationFactor;
	}

	public @Nullable String getLoadBalanceGroup() {
		return this.loadBalanceGroup;
	}

	public void setLoadBalanceGroup(@Nullable String loadBalanceGroup) {
		this.loadBalanceGroup = loadBalanceGroup;
	}

	public @Nullable Duration getRetention() {
		return this.retention;
	}

	public void setRetention(@Nullable Duration retention) {
		this.retention = retention;
	}

	public @Nullable DataSize getRetentionSize() {
		return this.retentionSize;
	}

	public void setRetentionSize(@Nullable DataSize retentionSize) {
		this.retentionSize = retentionSize;
	}

	public @Nullable Long getRetentionMessages() {
		return this.retentionMessages;
	}

	public void setRetentionMessages(@Nullable Long retentionMessages) {
		this.retentionMessages = retentionMessages;
	}

	public @Nullable Duration getCleanerInterval() {
		return this.cleanerInterval;
	}

	public void setCleanerInterval(@Nullable Duration cleanerInterval) {
		this.cleanerInterval = cleanerInterval;
	}

	public @Nullable DataSize getSegmentSize() {
		return this.segmentSize;
	}

	public void setSegmentSize(@Nullable DataSize segmentSize) {
		this.segmentSize = segmentSize;
	}

	public @Nullable Duration getSegmentAge() {
		return this.segmentAge;
	}

	public void setSegmentAge(@Nullable Duration segmentAge) {
		this.segmentAge = segmentAge;
	}

	public @Nullable Boolean getCompact() {
		return this.compact;
	}

	public void setCompact(@Nullable Boolean compact) {
		this.compact = compact;
	}

	public @Nullable Integer getCompactParallelism() {
		return this.compactParallelism;
	}

	public void setCompactParallelism(@Nullable Integer compactParallelism) {
		this.compactParallelism = compactParallelism;
	}

	public @Nullable Duration getAutoPause() {
		return this.autoPause;
	}

	public void setAutoPause(@Nullable Duration autoPause) {
		this.autoPause = autoPause;
	}

	public @Nullable Boolean getAutoPauseDisableIfSubscribers() {
		return this.autoPauseDisableIfSubscribers;
	}

	public void setAutoPauseDisableIfSubscribers(@Nullable Boolean autoPauseDisableIfSubscribers) {
		this.autoPauseDisableIfSubscribers = autoPauseDisableIfSubscribers;
	}

	public @Nullable Integer getMinIsr() {
		return this.minIsr;
	}

	public void setMinIsr(@Nullable Integer minIsr) {
		this.minIsr = minIsr;
	}

	public @Nullable Boolean getOptimisticConcurrency() {
		return this.optimisticConcurrency;
	}

	public void setOptimisticConcurrency(@Nullable Boolean optimisticConcurrency) {
		this.optimisticConcurrency = optimisticConcurrency;
	}

	public @Nullable Boolean getEncryption() {
		return this.encryption;
	}

	public void setEncryption(@Nullable Boolean encryption) {
		this.encryption = encryption;
	}

}
