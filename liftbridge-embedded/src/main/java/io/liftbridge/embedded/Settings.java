package io.liftbridge.embedded;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a broker was built with.
 *
 * @param port where to listen, 0 for any free port
 * @param brokerId the broker's id
 * @param directory where to keep data, {@code null} for memory only
 * @param activityStream whether to tell what happens
 * @param cursorPartitions partitions of the stream for cursors, 0 for none
 * @param maxMessageBytes the largest message
 * @param restartWindow time after a restart without metadata
 * @param consumerTimeout how long a consumer may be silent
 * @param coordinatorTimeout how long a coordinator may be silent
 */
record Settings(int port, String brokerId, @Nullable Path directory, boolean activityStream, int cursorPartitions,
		int maxMessageBytes, Duration restartWindow, Duration consumerTimeout, Duration coordinatorTimeout) {

}
