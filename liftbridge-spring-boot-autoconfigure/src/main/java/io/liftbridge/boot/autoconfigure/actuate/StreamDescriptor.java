package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a broker described it last.
 *
 * @param name its name
 * @param subject the NATS subject it listens on
 * @param createdAt when it was created
 * @param partitions its partitions by number
 */
public record StreamDescriptor(String name, String subject, Instant createdAt, List<Partition> partitions) {

	static StreamDescriptor of(StreamInfo stream) {
		return new StreamDescriptor(stream.name(), stream.subject(), stream.createdAt().truncatedTo(ChronoUnit.MILLIS),
				stream.partitions().stream().map(Partition::of).toList());
	}

	/**
	 * A partition as a broker described it last.
	 *
	 * @param partition its number
	 * @param leader broker id of its leader, or {@code null} while it has none
	 * @param replicas broker ids of its replicas
	 * @param isr broker ids of its in-sync replicas
	 * @param readonly whether it refuses messages
	 */
	public record Partition(int partition, @JsonInclude @Nullable String leader, List<String> replicas,
			List<String> isr, boolean readonly) {

		static Partition of(PartitionInfo partition) {
			return new Partition(partition.partition(), partition.leader(), partition.replicas(), partition.isr(),
					partition.readonly());
		}

	}

}
