package io.liftbridge.spring.observation;

import io.liftbridge.spring.event.ListenerContainerStartedEvent;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;

/**
 * Gauges of how far listeners are behind: {@code liftbridge.listener.lag} with the tags
 * {@code listener}, {@code stream} and {@code partition}, in messages. Registered when a
 * container has become live; as current as the container's lag interval says.
 */
public class MicrometerListenerLag implements ApplicationListener<ListenerContainerStartedEvent> {

	private final MeterRegistry registry;

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
			container.partitions().forEach((status) -> register(container, status.stream(), status.partition()));
		}
	}

	private void register(ListenerContainer container, String stream, int partition) {
		Gauge.builder("liftbridge.listener.lag", container, (source) -> lag(source, stream, partition))
			.description("Messages that are stored and not processed yet")
			.tags("listener", container.id(), "stream", stream, "partition", Integer.toString(partition))
			.register(this.registry);
	}

	private static double lag(ListenerContainer container, String stream, int partition) {
		return container.partitions()
			.stream()
			.filter((status) -> status.partition() == partition && status.stream().equals(stream))
			.mapToLong(PartitionStatus::lag)
			.sum();
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

}
