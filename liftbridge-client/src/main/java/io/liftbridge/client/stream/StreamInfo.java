package io.liftbridge.client.stream;

import java.time.Instant;
import java.util.List;

/**
 * A stream as a broker described it. Immutable.
 *
 * @param name its name
 * @param subject the NATS subject it listens on
 * @param createdAt when it was created
 * @param partitions its partitions by number
 */
public record StreamInfo(String name, String subject, Instant createdAt, List<PartitionInfo> partitions) {
}
