package io.liftbridge.spring.observation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.spring.core.SendListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of what is published, dead letters and replies included, all with the tag
 * {@code stream}: {@code liftbridge.producer.published} and {@code .failed} (messages),
 * {@code liftbridge.producer.ack} (from sending to the acknowledgement) and
 * {@code liftbridge.producer.in.flight} (messages without an outcome). They appear with
 * the first outcome of a message to the stream; failures of messages to streams that do
 * not exist have the stream {@code unknown}. Safe for use by many threads.
 */
public class MicrometerSendListener implements SendListener {

	/** A name of no stream: those may be without number. */
	private static final String UNKNOWN = "unknown";

	private final MeterRegistry registry;

	private final Function<String, @Nullable Producer> producers;

	private final ConcurrentMap<String, Meters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param registry where they go
	 * @param producers finds the producer of a stream without creating it, as
	 * {@code DefaultProducerFactory.producers()::get} does
	 */
	public MicrometerSendListener(MeterRegistry registry, Function<String, @Nullable Producer> producers) {
		this.registry = registry;
		this.producers = producers;
	}

	@Override
	public void acked(String stream, Message message, Ack ack, long nanos) {
		Meters found = meters(stream);
		found.published.increment();
		found.ack.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(String stream, Message message, LiftbridgeException failure) {
		boolean madeUp = failure instanceof StreamNotFoundException && !this.meters.containsKey(stream);
		meters(madeUp ? UNKNOWN : stream).failed.increment();
	}

	private Meters meters(String stream) {
		Meters known = this.meters.get(stream);
		return (known != null) ? known : this.meters.computeIfAbsent(stream, this::create);
	}

	/** All at once, so that none is missing. */
	private Meters create(String stream) {
		Tags tags = Tags.of("stream", stream);
		Gauge.builder("liftbridge.producer.in.flight", stream, this::inFlight)
			.description("Messages without an outcome")
			.tags(tags)
			.strongReference(true)
			.register(this.registry);
		return new Meters(counter("published", "Messages that were stored", tags),
				counter("failed", "Messages that failed", tags),
				Timer.builder("liftbridge.producer.ack")
					.description("Time from sending to the acknowledgement")
					.tags(tags)
					.register(this.registry));
	}

	private Counter counter(String name, String description, Tags tags) {
		return Counter.builder("liftbridge.producer." + name)
			.description(description)
			.tags(tags)
			.register(this.registry);
	}

	private double inFlight(String stream) {
		Producer producer = this.producers.apply(stream);
		return (producer != null) ? producer.inFlight() : 0;
	}

	private record Meters(Counter published, Counter failed, Timer ack) {
	}

}
