package io.liftbridge.spring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.liftbridge.spring.event.ListenerContainerStartedEvent;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;

/**
 * Gauges of how far listeners are behind: {@code liftbridge.listener.lag} with the tags
 * {@code listener}, {@code stream} and {@code partition}, in messages. Registered when a
 * container has become live for the first time; as current as the container's lag
 * interval says.
 */
public class MicrometerListenerLag implements ApplicationListener<ListenerContainerStartedEvent> {

	private final MeterRegistry registry;

	private final ConcurrentMap<String, ListenerContainer> containers = new ConcurrentHashMap<>();

	private final Set<Key> gauges = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it.
	 * @param registry where the gauges go
	 */
	public MicrometerListenerLag(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ListenerContainerStartedEvent event) {
		if (event.getSource() instanceof ListenerContainer container) {
			this.containers.put(container.id(), container);
			for (PartitionStatus status : container.partitions()) {
				Key key = new Key(container.id(), status.stream(), status.partition());
				if (this.gauges.add(key)) {
					register(key);
				}
			}
		}
	}

	private void register(Key key) {
		Gauge.builder("liftbridge.listener.lag", key, this::lag)
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
