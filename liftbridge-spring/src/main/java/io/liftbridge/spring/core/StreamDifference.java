package io.liftbridge.spring.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;

/**
 * One way in which an existing stream differs from its declaration.
 *
 * @param property what differs
 * @param declared how it is declared
 * @param actual how it is
 */
public record StreamDifference(Property property, String declared, String actual) {

	/** All that a broker tells about a stream that can be declared. */
	static List<StreamDifference> between(StreamSpec wanted, StreamInfo existing) {
		List<StreamDifference> differences = new ArrayList<>();
		add(differences, Property.PARTITIONS, wanted.partitions(), existing.partitions().size());
		add(differences, Property.SUBJECT, wanted.subject(), existing.subject());
		if (wanted.replicationFactor() != StreamSpec.MAX) {
			add(differences, Property.REPLICATION_FACTOR, wanted.replicationFactor(),
					existing.partitions().isEmpty() ? 0 : existing.partitions().get(0).replicas().size());
		}
		return List.copyOf(differences);
	}

	private static void add(List<StreamDifference> differences, Property property, Object declared, Object actual) {
		if (!declared.equals(actual)) {
			differences.add(new StreamDifference(property, declared.toString(), actual.toString()));
		}
	}

	static String describe(List<StreamDifference> differences) {
		return differences.stream().map(StreamDifference::toString).collect(Collectors.joining(", "));
	}

	@Override
	public String toString() {
		return switch (this.property) {
			case PARTITIONS -> this.actual + " partition(s) instead of " + this.declared;
			case SUBJECT -> "subject '" + this.actual + "' instead of '" + this.declared + "'";
			case REPLICATION_FACTOR -> this.actual + " replica(s) instead of " + this.declared;
		};
	}

	/**
	 * What brokers tell about streams.
	 */
	public enum Property {

		/** Number of partitions. */
		PARTITIONS,
		/** NATS subject. */
		SUBJECT,
		/** Number of replicas of each partition. */
		REPLICATION_FACTOR

	}

}
