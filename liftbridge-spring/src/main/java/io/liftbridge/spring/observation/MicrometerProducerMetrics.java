package io.liftbridge.spring.observation;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.ProducerMetrics;
import io.liftbridge.client.producer.ProducerRecorder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of producers, those of the template, of dead letters and replies included, all
 * with the tags {@code stream} and {@code producer} (its name, {@code none} without one):
 * the counters {@code liftbridge.producer.sent}, {@code .acked} and {@code .failed}
 * (messages; the latter with the tag {@code reason}, as {@code AckTimeout}), the gauge
 * {@code .in.flight} (messages without an outcome), the summaries {@code .batch.size}
 * (messages) and {@code .entry.compression.ratio} (size before compression by size after
 * it), and the timers {@code .blocked} (senders that waited for room) and {@code .ack}
 * (from sending to the acknowledgement).
 * <p>
 * Producers of one stream and name share their meters. These stay when the last one is
 * closed, so that what producers count that are there for a moment only is seen, and no
 * counter goes back when there is another one: those of the 250 streams and names closed
 * last, unless nothing was counted. Failures as a stream does not exist count for the
 * stream {@code unknown}, unless something was acknowledged by it. One for each registry;
 * several clients may share it. Safe for use by many threads.
 */
public class MicrometerProducerMetrics implements ProducerMetrics {

	private static final String PREFIX = "liftbridge.producer.";

	/** A name of no stream: those may be without number. */
	private static final String UNKNOWN = "unknown";

	private static final String UNNAMED = "none";

	/** Meters of as many streams and names stay without a producer. */
	private static final int MOST_CLOSED = 250;

	private final MeterRegistry registry;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, Meters> meters = new HashMap<>();

	/** Those without a producer, the one that was closed first in front. */
	private final Set<Key> closed = new LinkedHashSet<>();

	/**
	 * Creates it.
	 * @param registry where the meters go
	 */
	public MicrometerProducerMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public ProducerRecorder open(String stream, String name, IntSupplier inFlight) {
		Key key = new Key(stream, name.isEmpty() ? UNNAMED : name);
		this.lock.lock();
		try {
			Meters shared = this.meters.computeIfAbsent(key, (absent) -> new Meters(this.registry, absent));
			shared.inFlight.add(inFlight);
			this.closed.remove(key);
			return new Recorder(this, key, shared, inFlight);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void close(Key key, Meters shared, IntSupplier inFlight) {
		this.lock.lock();
		try {
			if (!shared.inFlight.remove(inFlight) || !shared.inFlight.isEmpty()) {
				return;
			}
			this.closed.add(key);
			if (!shared.isUsed()) {
				remove(key);
			}
			else if (this.closed.size() > MOST_CLOSED) {
				remove(this.closed.iterator().next());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove(Key key) {
		this.closed.remove(key);
		Meters unused = this.meters.remove(key);
		if (unused != null) {
			unused.remove();
		}
	}

	private Counter failures(String stream, String producer, LiftbridgeException reason) {
		return Counter.builder(PREFIX + "failed")
			.description("Messages that failed or were refused")
			.tags("stream", stream, "producer", producer, "reason", reason(reason))
			.register(this.registry);
	}

	/** One of as many as the client has exceptions. */
	private static String reason(LiftbridgeException failure) {
		Class<?> type = failure.getClass();
		boolean known = type.getPackage() == LiftbridgeException.class.getPackage()
				&& type != LiftbridgeException.class;
		return known ? type.getSimpleName().replaceFirst("Exception$", "") : "Other";
	}

	/** What meters are told apart by. */
	private record Key(String stream, String producer) {

	}

	/** The meters of producers of one stream and name, all at once but failures. */
	private static final class Meters {

		private final MeterRegistry registry;

		/** Of each producer that is open. */
		private final List<IntSupplier> inFlight = new CopyOnWriteArrayList<>();

		private final ConcurrentMap<Class<?>, Counter> failed = new ConcurrentHashMap<>();

		/** Whether something was acknowledged, so that there is such a stream. */
		private volatile boolean known;

		private final Counter sent;

		private final Counter acked;

		private final Gauge open;

		private final DistributionSummary batches;

		private final DistributionSummary ratios;

		private final Timer blocked;

		private final Timer ack;

		Meters(MeterRegistry registry, Key key) {
			Tags tags = Tags.of("stream", key.stream(), "producer", key.producer());
			this.registry = registry;
			this.sent = counter("sent", "Messages that went on their way", tags);
			this.acked = counter("acked", "Messages that were acknowledged", tags);
			this.open = Gauge.builder(PREFIX + "in.flight", this.inFlight, Meters::sum)
				.description("Messages without an outcome")
				.tags(tags)
				.strongReference(true)
				.register(registry);
			this.batches = summary("batch.size", "Messages of a batch", tags);
			this.ratios = summary("entry.compression.ratio",
					"Size of values and batch entries before compression by that after it", tags);
			this.blocked = timer("blocked", "Time that senders have waited for room", tags);
			this.ack = timer("ack", "Time from sending to the acknowledgement", tags);
		}

		private static double sum(List<IntSupplier> producers) {
			return producers.stream().mapToInt(IntSupplier::getAsInt).sum();
		}

		private Counter counter(String name, String description, Tags tags) {
			return Counter.builder(PREFIX + name).description(description).tags(tags).register(this.registry);
		}

		private DistributionSummary summary(String name, String description, Tags tags) {
			return DistributionSummary.builder(PREFIX + name)
				.description(description)
				.tags(tags)
				.register(this.registry);
		}

		private Timer timer(String name, String description, Tags tags) {
			return Timer.builder(PREFIX + name).description(description).tags(tags).register(this.registry);
		}

		boolean isUsed() {
			return this.known || !this.failed.isEmpty();
		}

		void remove() {
			List.<Meter>of(this.sent, this.acked, this.open, this.batches, this.ratios, this.blocked, this.ack)
				.forEach(this.registry::remove);
			this.failed.values().forEach(this.registry::remove);
		}

	}

	/** What one producer tells. */
	private static final class Recorder implements ProducerRecorder {

		private final MicrometerProducerMetrics owner;

		private final Key key;

		private final Meters meters;

		private final IntSupplier inFlight;

		Recorder(MicrometerProducerMetrics owner, Key key, Meters meters, IntSupplier inFlight) {
			this.owner = owner;
			this.key = key;
			this.meters = meters;
			this.inFlight = inFlight;
		}

		@Override
		public void sent(int messages) {
			this.meters.sent.increment(messages);
		}

		@Override
		public void acked(int messages) {
			this.meters.known = true;
			this.meters.acked.increment(messages);
		}

		@Override
		public void ackLatency(long nanos) {
			this.meters.ack.record(nanos, TimeUnit.NANOSECONDS);
		}

		@Override
		public void failed(int messages, LiftbridgeException reason) {
			if (reason instanceof StreamNotFoundException && !this.meters.known) {
				this.owner.failures(UNKNOWN, UNNAMED, reason).increment(messages);
				return;
			}
			this.meters.failed
				.computeIfAbsent(reason.getClass(),
						(type) -> this.owner.failures(this.key.stream(), this.key.producer(), reason))
				.increment(messages);
		}

		@Override
		public void batch(int messages) {
			this.meters.batches.record(messages);
		}

		@Override
		public void entry(int records, int bytes, int storedBytes) {
			if (storedBytes > 0) {
				this.meters.ratios.record((double) bytes / storedBytes);
			}
		}

		@Override
		public void blocked(long nanos) {
			this.meters.blocked.record(nanos, TimeUnit.NANOSECONDS);
		}

		@Override
		public void closed() {
			this.owner.close(this.key, this.meters, this.inFlight);
		}

	}

}
