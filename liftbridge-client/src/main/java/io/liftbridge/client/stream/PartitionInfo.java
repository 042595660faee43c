package io.liftbridge.client.stream;

import java.time.Instant;
import java.util.List;

import io.liftbridge.proto.PartitionMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A partition as a broker described it. Immutable. Offsets are current only if its leader
 * was asked ({@link StreamAdmin#describePartition}); other brokers lag behind.
 *
 * @param stream the stream's name
 * @param partition its number
 * @param leader broker id of its leader, or {@code null} while it has none
 * @param replicas broker ids of its replicas
 * @param isr broker ids of its in-sync replicas
 * @param highWatermark offset of the newest committed message, -1 if there is none; only
 * committed messages are delivered
 * @param newestOffset offset of the newest stored message, -1 if there is none
 * @param pausedOnce whether it was paused at some time; the server keeps saying so after
 * it was resumed
 * @param readonly whether it was set read-only
 * @param messages when messages arrived
 * @param pauses when it was paused or resumed
 * @param readonlyChanges when it was set read-only or writable
 */
public record PartitionInfo(String stream, int partition, @Nullable String leader, List<String> replicas,
		List<String> isr, long highWatermark, long newestOffset, boolean pausedOnce, boolean readonly,
		EventTimes messages, EventTimes pauses, EventTimes readonlyChanges) {

	static PartitionInfo of(String stream, PartitionMetadata metadata) {
		return new PartitionInfo(stream, metadata.getId(), metadata.getLeader().isEmpty() ? null : metadata.getLeader(),
				List.copyOf(metadata.getReplicasList()), List.copyOf(metadata.getIsrList()),
				metadata.getHighWatermark(), metadata.getNewestOffset(), metadata.getPaused(), metadata.getReadonly(),
				EventTimes.of(metadata.getMessagesReceivedTimestamps()), EventTimes.of(metadata.getPauseTimestamps()),
				EventTimes.of(metadata.getReadonlyTimestamps()));
	}

	/**
	 * Tells when the newest message arrived.
	 * @return the time, or {@code null} if none did since the broker started
	 */
	public @Nullable Instant lastMessageAt() {
		return this.messages.latest();
	}

}
