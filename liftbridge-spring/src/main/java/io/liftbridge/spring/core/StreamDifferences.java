package io.liftbridge.spring.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;

/**
 * Compares a declared stream with an existing one, as far as a broker tells.
 */
final class StreamDifferences {

	private StreamDifferences() {
	}

	static Optional<String> between(StreamSpec wanted, StreamInfo existing) {
		List<String> differences = new ArrayList<>();
		if (existing.partitions().size() != wanted.partitions()) {
			differences.add(existing.partitions().size() + " partition(s) instead of " + wanted.partitions());
		}
		if (!existing.subject().equals(wanted.subject())) {
			differences.add("subject '" + existing.subject() + "' instead of '" + wanted.subject() + "'");
		}
		int replicas = existing.partitions().isEmpty() ? 0 : existing.partitions().get(0).replicas().size();
		if (wanted.replicationFactor() != StreamSpec.MAX && replicas != wanted.replicationFactor()) {
			differences.add(replicas + " replica(s) instead of " + wanted.replicationFactor());
		}
		return differences.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", differences));
	}

}
