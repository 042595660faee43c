package io.liftbridge.spring.observation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.core.SendListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of the template, all with the tag {@code stream}:
 * {@code liftbridge.template.sent}, {@code .acked} and {@code .failed} (messages), and
 * the timer {@code liftbridge.template.ack} (from sending to the acknowledgement).
 */
public class MicrometerSendListener implements SendListener {

	private final MeterRegistry registry;

	private final ConcurrentMap<String, Meters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param registry where the meters go
	 */
	public MicrometerSendListener(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void sent(String stream, Message message) {
		meters(stream).sent.increment();
	}

	@Override
	public void acked(String stream, Message message, Ack ack, long nanos) {
		Meters found = meters(stream);
		found.acked.increment();
		found.ack.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(String stream, Message message, LiftbridgeException failure) {
		meters(stream).failed.increment();
	}

	private Meters meters(String stream) {
		return this.meters.computeIfAbsent(stream, (name) -> new Meters(this.registry, name));
	}

	/** The meters of one stream, all at once so that none is missing. */
	private static final class Meters {

		private final Counter sent;

		private final Counter acked;

		private final Counter failed;

		private final Timer ack;

		Meters(MeterRegistry registry, String stream) {
			this.sent = counter(registry, "sent", "Messages handed to the template", stream);
			this.acked = counter(registry, "acked", "Messages that were stored", stream);
			this.failed = counter(registry, "failed", "Messages that failed", stream);
			this.ack = Timer.builder("liftbridge.template.ack")
				.description("Time from sending to the acknowledgement")
				.tag("stream", stream)
				.register(registry);
		}

		private static Counter counter(MeterRegistry registry, String name, String description, String stream) {
			return Counter.builder("liftbridge.template." + name)
				.description(description)
				.tag("stream", stream)
				.register(registry);
		}

	}

}
