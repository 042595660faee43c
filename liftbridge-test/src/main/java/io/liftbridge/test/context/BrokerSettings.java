package io.liftbridge.test.context;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * Applies {@link EmbeddedLiftbridge#properties()} to a broker.
 */
final class BrokerSettings {

	private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m)?");

	private static final Map<String, BiConsumer<EmbeddedBroker.Builder, String>> SETTINGS = Map.of("broker-id",
			EmbeddedBroker.Builder::brokerId, "cursor-partitions",
			(broker, value) -> broker.cursorPartitions(Integer.parseInt(value)), "max-message-bytes",
			(broker, value) -> broker.maxMessageBytes(Integer.parseInt(value)), "activity-stream",
			(broker, value) -> broker.activityStream(bool(value)), "restart-window",
			(broker, value) -> broker.restartWindow(duration(value)), "consumer-timeout",
			(broker, value) -> broker.consumerTimeout(duration(value)), "coordinator-timeout",
			(broker, value) -> broker.coordinatorTimeout(duration(value)));

	private BrokerSettings() {
	}

	static void apply(Collection<String> properties, EmbeddedBroker.Builder broker) {
		parse(properties).forEach((key, value) -> {
			BiConsumer<EmbeddedBroker.Builder, String> setting = SETTINGS.get(key);
			if (setting == null) {
				throw new IllegalArgumentException("@EmbeddedLiftbridge: property '" + key
						+ "' is not known; there are " + new TreeSet<>(SETTINGS.keySet()));
			}
			try {
				setting.accept(broker, value);
			}
			catch (IllegalArgumentException | DateTimeParseException ex) {
				throw new IllegalArgumentException("@EmbeddedLiftbridge: property '" + key + "' = '" + value
						+ "' cannot be used: " + ex.getMessage(), ex);
			}
		});
	}

	private static Map<String, String> parse(Collection<String> properties) {
		Map<String, String> parsed = new LinkedHashMap<>();
		for (String property : properties) {
			int separator = property.indexOf('=');
			if (separator < 1) {
				throw new IllegalArgumentException(
						"@EmbeddedLiftbridge: property '" + property + "' must be written as key=value");
			}
			parsed.put(property.substring(0, separator).strip(), property.substring(separator + 1).strip());
		}
		return parsed;
	}

	private static boolean bool(String value) {
		return switch (value) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("it must be true or false");
		};
	}

	private static Duration duration(String value) {
		Matcher simple = DURATION.matcher(value);
		if (!simple.matches()) {
			return Duration.parse(value);
		}
		long amount = Long.parseLong(simple.group(1));
		String unit = (simple.group(2) != null) ? simple.group(2) : "ms";
		return switch (unit) {
			case "s" -> Duration.ofSeconds(amount);
			case "m" -> Duration.ofMinutes(amount);
			default -> Duration.ofMillis(amount);
		};
	}

}
