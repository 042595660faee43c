package io.liftbridge.spring.sink;

import org.jspecify.annotations.Nullable;

/**
 * How a sink fares.
 *
 * @param buffered messages in memory that are not written yet
 * @param written messages that were written since the last start
 * @param deadLettered messages that could not be written since the last start
 * @param lastError why a partition is not written at the moment, or why the sink has
 * stopped; {@code null} if all is well
 */
public record SinkStatus(int buffered, long written, long deadLettered, @Nullable String lastError) {
}
