package io.liftbridge.test.context;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * What an {@link EmbeddedLiftbridge} asks for. Application contexts are cached by it.
 *
 * @param streams streams as they are written
 * @param partitions how many partitions a stream has that does not say it
 * @param properties settings as they are written
 * @param shared whether the broker is shared
 * @param port where it listens
 * @param seedsProperty the property that is set to its address
 */
record EmbeddedBrokerSpec(List<String> streams, int partitions, List<String> properties, boolean shared, int port,
		String seedsProperty) {

	static EmbeddedBrokerSpec of(EmbeddedLiftbridge annotation) {
		if (annotation.partitions() < 1) {
			throw new IllegalArgumentException(
					"@EmbeddedLiftbridge: partitions = " + annotation.partitions() + " must be 1 or more");
		}
		if (annotation.shared() && annotation.port() != 0) {
			throw new IllegalArgumentException("@EmbeddedLiftbridge: port = " + annotation.port()
					+ " cannot be asked for of a shared broker; leave it out");
		}
		return new EmbeddedBrokerSpec(List.of(annotation.streams()), annotation.partitions(),
				List.of(annotation.properties()), annotation.shared(), annotation.port(), annotation.seedsProperty());
	}

	/**
	 * Finds or starts the broker.
	 * @param resolver resolves placeholders
	 * @return a running broker with the streams; to be closed unless it is shared
	 */
	EmbeddedBroker start(UnaryOperator<String> resolver) {
		Map<String, Integer> wanted = wantedStreams(resolver);
		List<String> settings = this.properties.stream().map(resolver).toList();
		if (this.shared) {
			return SharedBrokers.get(settings, wanted);
		}
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(this.port);
		BrokerSettings.apply(settings, builder);
		EmbeddedBroker broker = builder.start();
		try {
			wanted.forEach(broker::createStream);
			return broker;
		}
		catch (RuntimeException ex) {
			broker.close();
			throw ex;
		}
	}

	private Map<String, Integer> wantedStreams(UnaryOperator<String> resolver) {
		Map<String, Integer> wanted = new LinkedHashMap<>();
		for (String written : this.streams) {
			// One placeholder may stand for several.
			Arrays.stream(resolver.apply(written).split(","))
				.map(String::strip)
				.filter((stream) -> !stream.isEmpty())
				.forEach((stream) -> add(stream, wanted));
		}
		return wanted;
	}

	private void add(String stream, Map<String, Integer> wanted) {
		int separator = stream.lastIndexOf(':');
		String name = (separator < 0) ? stream : stream.substring(0, separator);
		int count = (separator < 0) ? this.partitions : count(stream, stream.substring(separator + 1));
		Integer before = wanted.put(name, count);
		if (before != null) {
			throw new IllegalArgumentException("@EmbeddedLiftbridge: stream '" + name + "' is listed twice");
		}
	}

	private static int count(String stream, String text) {
		try {
			int count = Integer.parseInt(text.strip());
			if (count > 0) {
				return count;
			}
		}
		catch (NumberFormatException ex) {
			// Told below.
		}
		throw new IllegalArgumentException("@EmbeddedLiftbridge: stream '" + stream
				+ "' must be written as name or name:partitions, with 1 partition or more");
	}

}
