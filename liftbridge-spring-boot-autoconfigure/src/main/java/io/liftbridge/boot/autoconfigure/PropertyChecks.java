package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.sink.BulkSinkFactory;
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
		atLeast("liftbridge.load-balancer.max-retries", properties.getLoadBalancer().getMaxRetries(), 1);
		check(properties.getRetry());
		streamPrefix(properties.getStreamPrefix());
		check(properties.getProducer());
		check(properties.getConsumer());
		ListenerChecks.check(properties.getListener());
		check(properties.getSink());
		stream("liftbridge.template.default-stream", properties.getTemplate().getDefaultStream());
		positive("liftbridge.template.receive-timeout", properties.getTemplate().getReceiveTimeout());
		positive("liftbridge.template.subject-timeout", properties.getTemplate().getSubjectTimeout());
		check(properties.getAdmin());
		port("liftbridge.embedded.port", properties.getEmbedded().getPort());
		StreamSpecMapper.map(properties.getStreams());
	}

	private static void check(AdminProperties admin) {
		notNegative("liftbridge.admin.start-timeout", admin.getStartTimeout());
		if (admin.isFatalDifferences() && !admin.isFatal()) {
			throw new InvalidLiftbridgePropertyException("liftbridge.admin.fatal-differences", true,
					"does nothing without liftbridge.admin.fatal=true.", ": set liftbridge.admin.fatal to true, too");
		}
	}

	private static void check(ClientRetryProperties retry) {
		positive("liftbridge.retry.initial-interval", retry.getInitialInterval());
		positive("liftbridge.retry.max-interval", retry.getMaxInterval());
		try {
			within("liftbridge.retry.multiplier", retry.getMultiplier(), 1, 100);
			within("liftbridge.retry.jitter", retry.getJitter(), 0, 1);
			Objects.requireNonNull(new RetryPolicy(retry.getInitialInterval(), retry.getMultiplier(),
					retry.getMaxInterval(), retry.getJitter()));
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException("liftbridge.retry.max-interval", retry.getMaxInterval(),
					"is not possible: " + ex.getMessage(), ", for instance to 2s", ex);
		}
	}

	private static void within(String property, double value, double least, double most) {
		if (!(value >= least && value <= most)) {
			throw new InvalidLiftbridgePropertyException(property, value,
					"is not possible: it must be between " + least + " and " + most + ".", "");
		}
	}

	private static void streamPrefix(String prefix) {
		try {
			LiftbridgeClient.builder().streamPrefix(prefix);
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException("liftbridge.stream-prefix", prefix,
					"cannot be used: " + ex.getMessage(), ", for instance to team-a.", ex);
		}
	}

	private static void check(ProducerProperties producer) {
		positive("liftbridge.producer.ack-timeout", producer.getAckTimeout());
		positive("liftbridge.producer.enqueue-timeout", producer.getEnqueueTimeout());
		atLeast("liftbridge.producer.max-in-flight", producer.getMaxInFlight(), 1);
		positive("liftbridge.producer.max-in-flight-size", producer.getMaxInFlightSize());
		atLeast("liftbridge.producer.retries", producer.getRetries(), 0);
		header("liftbridge.producer.encoding-header", producer.getEncodingHeader());
		atMostInt("liftbridge.producer.compression-threshold", producer.getCompressionThreshold(), 0);
		EntryProperties entry = producer.getEntry();
		atLeast("liftbridge.producer.entry.max-records", entry.getMaxRecords(), 0);
		atMostInt("liftbridge.producer.entry.max-size", entry.getMaxSize(), 1);
		BatchProperties batch = producer.getBatch();
		atLeast("liftbridge.producer.batch.messages", batch.getMessages(), 1);
		atLeast("liftbridge.producer.batch.max-batches", batch.getMaxBatches(), 1);
		atMostInt("liftbridge.producer.batch.max-size", batch.getMaxSize(), 1);
		notNegative("liftbridge.producer.batch.linger", batch.getLinger());
	}

	private static void check(ConsumerProperties consumer) {
		atLeast("liftbridge.consumer.prefetch", consumer.getPrefetch(), 1);
		positive("liftbridge.consumer.prefetch-size", consumer.getPrefetchSize());
		intSize("liftbridge.consumer.max-uncompressed-size", consumer.getMaxUncompressedSize());
		intSize("liftbridge.consumer.max-large-message-size", consumer.getMaxLargeMessageSize());
		positive("liftbridge.consumer.large-message-timeout", consumer.getLargeMessageTimeout());
		header("liftbridge.consumer.encoding-header", consumer.getEncodingHeader());
	}

	private static void header(String property, String name) {
		try {
			EntryOptions.checkHeader(name);
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException(property, name, "cannot be used: " + ex.getMessage(),
					", for instance to X-Msg-Encoding", ex);
		}
	}

	private static void check(BulkSinkProperties sink) {
		atLeast("liftbridge.sink.batch-size", sink.getBatchSize(), 1);
		notNegative("liftbridge.sink.wait-time", sink.getWaitTime());
		atLeast("liftbridge.sink.buffer-messages", sink.getBufferMessages(), 1);
		positive("liftbridge.sink.buffer-size", sink.getBufferSize());
		atLeast("liftbridge.sink.batches-per-partition", sink.getBatchesPerPartition(), 1);
		atLeast("liftbridge.sink.workers", sink.getWorkers(), 1);
		positive("liftbridge.sink.max-recovery-pause", sink.getMaxRecoveryPause());
		notNegative("liftbridge.sink.shutdown-timeout", sink.getShutdownTimeout());
		// An application without sinks starts without their classes.
		if (!sink.getOffsetTable().equals(new BulkSinkProperties().getOffsetTable())) {
			offsetTable(sink.getOffsetTable());
		}
	}

	private static void offsetTable(String name) {
		try {
			BulkSinkFactory.checkOffsetTable(name);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidLiftbridgePropertyException("liftbridge.sink.offset-table", name,
					"cannot be used: " + ex.getMessage(), ", for instance to liftbridge_sink_offset", ex);
		}
	}

	private static void stream(String property, @Nullable String name) {
		try {
			if (name != null) {
				StreamNames.checkStream(name);
			}
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException(property, name, "cannot be used: " + ex.getMessage(), "", ex);
		}
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

	static void positive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must be more than zero.",
					", for instance to 10s");
		}
	}

	static void notNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must not be negative.",
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
		atMostInt(property, value, 1);
	}

	private static void atMostInt(String property, DataSize value, int minimum) {
		if (value.toBytes() < minimum) {
			throw new InvalidLiftbridgePropertyException(property, value,
					"is not possible: it must be at least " + minimum + "B.", ", for instance to 1MB");
		}
		if (value.toBytes() > Integer.MAX_VALUE) {
			throw new InvalidLiftbridgePropertyException(property, value, "is not possible: it must be less than 2GB.",
					", for instance to 1MB");
		}
	}

}
