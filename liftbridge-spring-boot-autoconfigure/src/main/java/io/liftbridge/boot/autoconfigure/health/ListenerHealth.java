package io.liftbridge.boot.autoconfigure.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.listener.PartitionStatus;

import org.springframework.boot.health.contributor.Status;

/**
 * How one listener fares.
 *
 * @param status UP or DOWN
 * @param text the container's state, and what is wrong
 */
record ListenerHealth(Status status, String text) {

	/** Enough to understand; a listener may have hundreds of partitions. */
	private static final int MOST_PARTITIONS = 5;

	static ListenerHealth of(ListenerContainer container, Duration tolerance, Instant now) {
		ContainerState state = container.state();
		if (state == ContainerState.FAILED) {
			return new ListenerHealth(Status.DOWN, "FAILED: " + container.failure());
		}
		boolean down = false;
		List<String> troubles = new ArrayList<>();
		for (PartitionStatus partition : container.partitions()) {
			Duration duration = Duration.between(partition.since(), now);
			if (partition.state().isDown() || partition.state() == PartitionState.RETRYING
					|| partition.lastError() != null) {
				troubles.add(describe(partition, duration));
			}
			down = down || (partition.state().isDown() && duration.compareTo(tolerance) > 0);
		}
		return new ListenerHealth(down ? Status.DOWN : Status.UP, text(state, troubles));
	}

	private static String text(ContainerState state, List<String> troubles) {
		if (troubles.isEmpty()) {
			return state.name();
		}
		int shown = Math.min(MOST_PARTITIONS, troubles.size());
		String more = (troubles.size() > shown) ? "; and " + (troubles.size() - shown) + " more" : "";
		return state + ", " + String.join("; ", troubles.subList(0, shown)) + more;
	}

	private static String describe(PartitionStatus partition, Duration duration) {
		String name = (partition.partition() == PartitionStatus.UNKNOWN) ? partition.stream()
				: partition.stream() + " partition " + partition.partition();
		return name + " " + partition.state().name().toLowerCase(Locale.ROOT) + " for "
				+ Math.max(0, duration.toSeconds()) + " s"
				+ ((partition.lastError() != null) ? ": " + partition.lastError() : "");
	}

}
