package io.liftbridge.spring.observation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.liftbridge.spring.event.ListenerContainerEvent;
import io.liftbridge.spring.event.ListenerContainerStoppedEvent;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;

/**
 * Gauges of how far listeners are behind: {@code liftbridge.listener.lag} with the tags
 * {@code listener}, {@code stream} and {@code partition}, in messages. Each is there from
 * when a listener knows that it reads a partition until its container stops; as current
 * as the container's lag interval says.
 */
public class MicrometerListenerLag implements ApplicationListener<ListenerContainerEvent> {

	private final MeterRegistry registry;

	private final ConcurrentMap<String, ListenerContainer> containers = new ConcurrentHashMap<>();

	private final ConcurrentMap<Key, Gauge> gauges = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param registry where the gauges go
	 */
	public MicrometerListenerLag(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ListenerContainerEvent event) {
		if (event instanceof ListenerPartitionsAssignedEvent assigned
				&& event.getSource() instanceof ListenerContainer container) {
			this.containers.put(container.id(), container);
			assigned.getPartitions()
				.forEach((partition) -> this.gauges
					.computeIfAbsent(new Key(container.id(), assigned.getStream(), partition), this::register));
		}
		else if (event instanceof ListenerContainerStoppedEvent) {
			this.containers.remove(event.getListenerId());
			this.gauges.entrySet().removeIf((entry) -> {
				boolean gone = entry.getKey().listener().equals(event.getListenerId());
				if (gone) {
					this.registry.remove(entry.getValue());
				}
				return gone;
			});
		}
	}

	private Gauge register(Key key) {
		return Gauge.builder("liftbridge.listener.lag", key, this::lag)
			.description("Messages that are stored and not processed yet")
			.tags("listener", key.listener(), "stream", key.stream(), "partition", Integer.toString(key.partition()))
			.strongReference(true)
			.register(this.registry);
	}

	private double lag(Key key) {
		ListenerContainer container = this.containers.get(key.listener());
		return (container == null) ? 0
				: container.partitions()
					.stream()
					.filter((status) -> status.partition() == key.partition() && status.stream().equals(key.stream()))
					.mapToLong(PartitionStatus::lag)
					.sum();
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/** What gauges are told apart by. */
	private record Key(String listener, String stream, int partition) {

	}

}
