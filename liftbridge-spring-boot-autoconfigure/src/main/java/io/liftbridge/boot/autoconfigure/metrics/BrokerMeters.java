package io.liftbridge.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.liftbridge.client.cluster.BrokerStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The gauge {@code liftbridge.broker.up}: 1 if the broker with the tag {@code broker}
 * answers, otherwise 0. Which brokers there are is looked up in the background from what
 * was last seen; nobody is asked.
 */
class BrokerMeters implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Supplier<List<BrokerStatus>> brokers;

	private final MeterRegistry registry;

	private final MultiGauge up;

	private @Nullable ScheduledExecutorService timer;

	private Set<String> known = Set.of();

	BrokerMeters(Supplier<List<BrokerStatus>> brokers, MeterRegistry registry) {
		this.brokers = brokers;
		this.registry = registry;
		this.up = MultiGauge.builder("liftbridge.broker.up")
			.description("Whether the broker answers")
			.register(registry);
	}

	@Override
	public void start() {
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "liftbridge-broker-meters");
			thread.setDaemon(true);
			return thread;
		});
		executor.scheduleWithFixedDelay(this::refresh, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		this.timer = executor;
	}

	private void refresh() {
		List<BrokerStatus> brokers = this.brokers.get();
		Set<String> current = brokers.stream().map(BrokerStatus::id).collect(Collectors.toSet());
		if (!current.equals(this.known)) {
			this.known = current;
			// Counted from 0, so that whoever watches it sees the first one; but not
			// under
			// the address that stands for an id that is not known yet.
			brokers.stream()
				.filter((broker) -> !broker.id().equals(broker.address().toString()))
				.forEach((broker) -> this.registry.counter(ReconnectCounter.NAME, "broker", broker.id()));
			this.up.register(current.stream().map(this::row).toList(), true);
		}
	}

	private MultiGauge.Row<?> row(String id) {
		return MultiGauge.Row.of(Tags.of("broker", id), () -> isUp(id) ? 1 : 0);
	}

	private boolean isUp(String id) {
		return this.brokers.get()
			.stream()
			.anyMatch((broker) -> broker.id().equals(id) && broker.state() == BrokerStatus.State.UP);
	}

	@Override
	public void stop() {
		ScheduledExecutorService executor = this.timer;
		this.timer = null;
		if (executor != null) {
			executor.shutdownNow();
		}
	}

	@Override
	public boolean isRunning() {
		return this.timer != null;
	}

}
