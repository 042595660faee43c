package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A replay of dead letters that was asked for.
 *
 * @param deadLetterStreams where they are
 * @param begun when it began
 * @param ended when it ended, {@code null} while it runs
 * @param replayed how many were put back, or would be
 * @param filteredOut how many are those of other listeners
 * @param replayedBefore how many were put back before
 * @param unusable how many cannot be put back
 * @param dryRun whether it only counts
 * @param error why it has failed, if it has
 */
public record ReplayDescriptor(List<String> deadLetterStreams, Instant begun, @JsonInclude @Nullable Instant ended,
		long replayed, long filteredOut, long replayedBefore, long unusable, boolean dryRun,
		@JsonInclude @Nullable String error) {
}
