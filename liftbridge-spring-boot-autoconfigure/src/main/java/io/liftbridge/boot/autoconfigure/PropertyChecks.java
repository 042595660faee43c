package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Refuses values that cannot work, before anything is built from them.
 */
final class PropertyChecks {

	private PropertyChecks() {
	}

	static void check(LiftbridgeProperties properties) {
		positive("liftbridge.connect-timeout", properties.getConnectTimeout());
		positive("liftbridge.request-timeout", properties.getRequestTimeout());
		positive("liftbridge.metadata-refresh-interval", properties.getMetadataRefreshInterval());
		intSize("liftbridge.max-message-size", properties.getMaxMessageSize());
		intSize("liftbridge.max-inbound-size", properties.getMaxInboundSize());
		check(properties.getProducer());
		check(properties.getConsumer());
		port("liftbridge.embedded.port", properties.getEmbedded().getPort());
		StreamSpecMapper.map(properties.getStreams());
	}

	private static void check(ProducerProperties producer) {
		positive("liftbridge.producer.ack-timeout", producer.getAckTimeout());
		positive("liftbridge.producer.enqueue-timeout", producer.getEnqueueTimeout());
		atLeast("liftbridge.producer.max-in-flight", producer.getMaxInFlight(), 1);
		positive("liftbridge.producer.max-in-flight-size", producer.getMaxInFlightSize());
	}

	private static void check(ConsumerProperties consumer) {
		atLeast("liftbridge.consumer.prefetch", consumer.getPrefetch(), 1);
		positive("liftbridge.consumer.prefetch-size", consumer.getPrefetchSize());
	}

	/** Checks the seeds apart, because other connection details may replace them. */
	static void seeds(List<String> seeds) {
		if (seeds.isEmpty()) {
			throw new InvalidLiftbridgePropertyException("liftbridge.seeds", "", "names no broker.",
					": name at least one, as host:port");
		}
		for (int i = 0; i < seeds.size(); i++) {
			String seed = seeds.get(i);
			try {
				Address.parse(seed);
			}
			catch (InvalidRequestException ex) {
				String message = String.valueOf(ex.getMessage());
				String repeated = "'" + seed + "' ";
				throw new InvalidLiftbridgePropertyException("liftbridge.seeds[" + i + "]", seed,
						message.startsWith(repeated) ? message.substring(repeated.length()) : message, ", as host:port",
						ex);
			}
		}
	}

	static void positive(String property, @Nullable Duration value) {
		if (value != null && (value.isNegative() || value.isZero())) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must be more than zero.",
					", for instance to 10s");
		}
	}

	static void atLeast(String property, @Nullable Number value, long minimum) {
		if (value != null && value.longValue() < minimum) {
			throw new InvalidLiftbridgePropertyException(property, value,
					"is not possible: it must be " + minimum + " or more.", "");
		}
	}

	static void positive(String property, @Nullable DataSize value) {
		if (value != null && value.toBytes() < 1) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must be at least 1B.",
					", for instance to 1MB");
		}
	}

	private static void port(String property, int value) {
		if (value < 0 || value > 65535) {
			throw new InvalidLiftbridgePropertyException(property, value,
					"is not a port: it must be between 1 and 65535, or 0 for any free one.", "");
		}
	}

	private static void intSize(String property, DataSize value) {
		positive(property, value);
		if (value.toBytes() > Integer.MAX_VALUE) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must be less than 2GB.",
					", for instance to 1MB");
		}
	}

}
