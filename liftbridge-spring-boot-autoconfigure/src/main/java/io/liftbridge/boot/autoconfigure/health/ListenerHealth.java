package io.liftbridge.boot.autoconfigure.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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

	/**
	 * Judges a listener.
	 * @param container the listener
	 * @param deadLetterStreams streams that come into being when a message has failed
	 * @param tolerance how long a partition may be without delivery
	 * @param now the time
	 */
	static ListenerHealth of(ListenerContainer container, Set<String> deadLetterStreams, Duration tolerance,
			Instant now) {
		ContainerState state = container.state();
		if (state == ContainerState.FAILED) {
			return new ListenerHealth(Status.DOWN, "FAILED: " + container.failure());
		}
		boolean down = false;
		List<String> texts = new ArrayList<>();
		texts.add(state.name());
		Troubles troubles = new Troubles();
		for (PartitionStatus partition : container.partitions()) {
			if (waitsForFirstDeadLetter(partition, deadLetterStreams)) {
				texts.add(partition.stream() + " waits for the first dead letter");
				continue;
			}
			Duration duration = Duration.between(partition.since(), now);
			if (partition.state().isDown() || partition.state() == PartitionState.RETRYING
					|| partition.lastError() != null) {
				troubles.add(partition, duration);
			}
			down = down || (partition.state().isDown() && duration.compareTo(tolerance) > 0);
		}
		String trouble = troubles.describe();
		if (!trouble.isEmpty()) {
			texts.add(trouble);
		}
		return new ListenerHealth(down ? Status.DOWN : Status.UP, String.join(", ", texts));
	}

	/** That no message has failed so far is no reason to be down. */
	private static boolean waitsForFirstDeadLetter(PartitionStatus partition, Set<String> deadLetterStreams) {
		return partition.state() == PartitionState.WAITING && deadLetterStreams.contains(partition.stream())
				&& partition.lastError() != null && partition.lastError().contains("StreamNotFound");
	}

}
