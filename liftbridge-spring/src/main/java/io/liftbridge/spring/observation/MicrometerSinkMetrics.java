package io.liftbridge.spring.observation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

import io.liftbridge.spring.sink.BulkSink;
import io.liftbridge.spring.sink.SinkMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of sinks, with the tags {@code sink} and {@code stream}: the counters
 * {@code liftbridge.sink.rows}, {@code .failures} (attempts to write) and
 * {@code .dead.letters}, the summary {@code .batch.size} (rows that were written
 * together) and the timer {@code .write} (each batch); and with the tag {@code sink} the
 * gauge {@code .buffered} (messages in memory that are not written yet). Safe for use by
 * many threads.
 */
public class MicrometerSinkMetrics implements SinkMetrics {

	private static final String PREFIX = "liftbridge.sink.";

	private final MeterRegistry registry;

	private final ConcurrentMap<Key, Meters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param registry where the meters go
	 */
	public MicrometerSinkMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void created(BulkSink sink) {
		Gauge.builder(PREFIX + "buffered", sink, (one) -> one.status().buffered())
			.description("Messages in memory that are not written yet")
			.tag("sink", sink.id())
			.register(this.registry);
	}

	@Override
	public void written(String sink, String stream, int rows, long nanos) {
		Meters found = meters(sink, stream);
		found.rows.increment(rows);
		found.batches.record(rows);
		found.write.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(String sink, String stream, Throwable cause) {
		meters(sink, stream).failures.increment();
	}

	@Override
	public void deadLettered(String sink, String stream) {
		meters(sink, stream).deadLetters.increment();
	}

	private Meters meters(String sink, String stream) {
		return this.meters.computeIfAbsent(new Key(sink, stream), (key) -> new Meters(this.registry, key));
	}

	/** What meters are told apart by. */
	private record Key(String sink, String stream) {

	}

	/** The meters of one sink and stream, all at once. */
	private static final class Meters {

		private final Counter rows;

		private final Counter failures;

		private final Counter deadLetters;

		private final DistributionSummary batches;

		private final Timer write;

		Meters(MeterRegistry registry, Key key) {
			Tags tags = Tags.of("sink", key.sink(), "stream", key.stream());
			this.rows = counter(registry, "rows", "Rows that were written", tags);
			this.failures = counter(registry, "failures", "Attempts to write that failed", tags);
			this.deadLetters = counter(registry, "dead.letters", "Messages that can never be written", tags);
			this.batches = DistributionSummary.builder(PREFIX + "batch.size")
				.description("Rows that were written together")
				.tags(tags)
				.register(registry);
			this.write = Timer.builder(PREFIX + "write")
				.description("Time to write a batch and to store its position")
				.tags(tags)
				.register(registry);
		}

		private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
			return Counter.builder(PREFIX + name).description(description).tags(tags).register(registry);
		}

	}

}
