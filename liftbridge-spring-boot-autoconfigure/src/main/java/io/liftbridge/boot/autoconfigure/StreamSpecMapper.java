package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Makes specifications of the streams that are listed under {@code liftbridge.streams}.
 */
final class StreamSpecMapper {

	private final String prefix;

	private final StreamProperties properties;

	private StreamSpecMapper(int index, StreamProperties properties) {
		this.prefix = "liftbridge.streams[" + index + "].";
		this.properties = properties;
	}

	/**
	 * Makes the specifications.
	 * @param streams the streams in their order
	 * @return their specifications in the same order
	 * @throws InvalidLiftbridgePropertyException for the first option that cannot work
	 */
	static List<StreamSpec> map(List<StreamProperties> streams) {
		List<StreamSpec> specs = new ArrayList<>();
		Map<String, Integer> names = new HashMap<>();
		for (int i = 0; i < streams.size(); i++) {
			StreamSpec spec = new StreamSpecMapper(i, streams.get(i)).map();
			Integer earlier = names.putIfAbsent(spec.name(), i);
			if (earlier != null) {
				throw new InvalidLiftbridgePropertyException("liftbridge.streams[" + i + "].name", spec.name(),
						"is listed twice: it is also liftbridge.streams[" + earlier + "].", " or remove one of them");
			}
			specs.add(spec);
		}
		return specs;
	}

	private StreamSpec map() {
		StreamProperties from = this.properties;
		String name = from.getName();
		if (name == null) {
			throw new InvalidLiftbridgePropertyException(this.prefix + "name", "",
					"is missing: each stream needs a name.", ": name the stream");
		}
		StreamSpec spec = attempt("name", name, StreamSpec::named);
		spec = with(spec, "partitions", atLeastOne("partitions", from.getPartitions()), StreamSpec::partitions);
		spec = with(spec, "subject", from.getSubject(), StreamSpec::subject);
		spec = with(spec, "replication-factor", replicationFactor(from.getReplicationFactor()),
				StreamSpec::replicationFactor);
		spec = with(spec, "load-balance-group", from.getLoadBalanceGroup(), StreamSpec::loadBalanceGroup);
		spec = retention(spec, from);
		spec = with(spec, "compact", from.getCompact(), StreamSpec::compact);
		spec = with(spec, "compact-parallelism", atLeastOne("compact-parallelism", from.getCompactParallelism()),
				StreamSpec::compactParallelism);
		spec = with(spec, "auto-pause", ageOrZero("auto-pause", from.getAutoPause()), StreamSpec::autoPause);
		spec = with(spec, "auto-pause-disable-if-subscribers", from.getAutoPauseDisableIfSubscribers(),
				StreamSpec::autoPauseDisableIfSubscribers);
		spec = with(spec, "min-isr", atLeastOne("min-isr", from.getMinIsr()), StreamSpec::minIsr);
		spec = with(spec, "optimistic-concurrency", from.getOptimisticConcurrency(), StreamSpec::optimisticConcurrency);
		return with(spec, "encryption", from.getEncryption(), StreamSpec::encryption);
	}

	private StreamSpec retention(StreamSpec start, StreamProperties from) {
		StreamSpec spec = with(start, "retention", ageOrZero("retention", from.getRetention()), StreamSpec::retention);
		spec = with(spec, "retention-size", bytesOrZero("retention-size", from.getRetentionSize()),
				StreamSpec::retentionBytes);
		spec = with(spec, "retention-messages", atLeastZero("retention-messages", from.getRetentionMessages()),
				StreamSpec::retentionMessages);
		spec = with(spec, "cleaner-interval", age("cleaner-interval", from.getCleanerInterval()),
				StreamSpec::cleanerInterval);
		spec = with(spec, "segment-size", bytes("segment-size", from.getSegmentSize()), StreamSpec::segmentBytes);
		return with(spec, "segment-age", ageOrZero("segment-age", from.getSegmentAge()), StreamSpec::segmentAge);
	}

	private int replicationFactor(String text) {
		if ("max".equalsIgnoreCase(text.trim())) {
			return StreamSpec.MAX;
		}
		try {
			int number = Integer.parseInt(text.trim());
			if (number >= 1) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Told below, like a number that is too low.
		}
		throw new InvalidLiftbridgePropertyException(this.prefix + "replication-factor", text,
				"is not possible: it must be a number from 1, or max.", "");
	}

	private <N extends Number> @Nullable N atLeastOne(String option, @Nullable N value) {
		PropertyChecks.atLeast(this.prefix + option, value, 1);
		return value;
	}

	private @Nullable Long atLeastZero(String option, @Nullable Long value) {
		PropertyChecks.atLeast(this.prefix + option, value, 0);
		return value;
	}

	/** Zero means that there is no limit. */
	private @Nullable Duration ageOrZero(String option, @Nullable Duration value) {
		return (value != null && value.isZero()) ? value : age(option, value);
	}

	/** Zero means that there is no limit. */
	private @Nullable Long bytesOrZero(String option, @Nullable DataSize value) {
		return (value != null && value.toBytes() == 0) ? Long.valueOf(0) : bytes(option, value);
	}

	private @Nullable Duration age(String option, @Nullable Duration value) {
		if (value != null && value.toMillis() < 1) {
			throw new InvalidLiftbridgePropertyException(this.prefix + option, value,
					"is not possible: it must be at least 1ms.", ", for instance to 7d");
		}
		return value;
	}

	private @Nullable Long bytes(String option, @Nullable DataSize value) {
		PropertyChecks.positive(this.prefix + option, value);
		return (value != null) ? value.toBytes() : null;
	}

	private <T> StreamSpec with(StreamSpec spec, String option, @Nullable T value, Setter<T> setter) {
		return (value != null) ? attempt(option, value, (present) -> setter.set(spec, present)) : spec;
	}

	private <T> StreamSpec attempt(String option, T value, Function<T, StreamSpec> step) {
		try {
			return step.apply(value);
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException(this.prefix + option, value,
					"cannot be used: " + ex.getMessage(), "", ex);
		}
	}

	private interface Setter<T> {

		StreamSpec set(StreamSpec spec, T value);

	}

}
