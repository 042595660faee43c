package io.liftbridge.spring.observation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of listeners, all with the tags {@code listener} and {@code stream}:
 * {@code liftbridge.listener.received}, {@code .processed} and {@code .failures}
 * (messages, messages, attempts), {@code .retries}, {@code .dead.letters},
 * {@code .passed.over} (given up without a dead letter), and the timer
 * {@code liftbridge.listener.processing} (calls of the listener that went well).
 */
public class MicrometerListenerMetrics implements ListenerMetrics {

	private final MeterRegistry registry;

	private final ConcurrentMap<Key, Meters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param registry where the meters go
	 */
	public MicrometerListenerMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void received(String listener, String stream, int messages) {
		meters(listener, stream).received.increment(messages);
	}

	@Override
	public void processed(String listener, String stream, int messages, long nanos) {
		Meters found = meters(listener, stream);
		found.processed.increment(messages);
		found.processing.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(String listener, String stream, Throwable cause) {
		meters(listener, stream).failures.increment();
	}

	@Override
	public void retried(String listener, String stream) {
		meters(listener, stream).retries.increment();
	}

	@Override
	public void deadLettered(String listener, String stream) {
		meters(listener, stream).deadLetters.increment();
	}

	@Override
	public void passedOver(String listener, String stream) {
		meters(listener, stream).passedOver.increment();
	}

	private Meters meters(String listener, String stream) {
		return this.meters.computeIfAbsent(new Key(listener, stream), (key) -> new Meters(this.registry, key));
	}

	/** What meters are told apart by. */
	private record Key(String listener, String stream) {

	}

	/** The meters of one listener on one stream, all at once so that none is missing. */
	private static final class Meters {

		private final Counter received;

		private final Counter processed;

		private final Counter failures;

		private final Counter retries;

		private final Counter deadLetters;

		private final Counter passedOver;

		private final Timer processing;

		Meters(MeterRegistry registry, Key key) {
			Tags tags = Tags.of("listener", key.listener(), "stream", key.stream());
			this.received = counter(registry, "received", "Messages that arrived", tags);
			this.processed = counter(registry, "processed", "Messages that were processed", tags);
			this.failures = counter(registry, "failures", "Attempts to process that failed", tags);
			this.retries = counter(registry, "retries", "Deliveries after a failure", tags);
			this.deadLetters = counter(registry, "dead.letters", "Messages that are in a dead-letter stream", tags);
			this.passedOver = counter(registry, "passed.over", "Messages that were given up and kept nowhere else",
					tags);
			this.processing = Timer.builder("liftbridge.listener.processing")
				.description("Calls of the listener that went well")
				.tags(tags)
				.register(registry);
		}

		private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
			return Counter.builder("liftbridge.listener." + name)
				.description(description)
				.tags(tags)
				.register(registry);
		}

	}

}
