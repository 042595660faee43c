package io.liftbridge.spring.observation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.spring.event.ListenerContainerEvent;
import io.liftbridge.spring.event.ListenerContainerStoppedEvent;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;

/**
 * The counter {@code liftbridge.listener.rebalances}, with the tags {@code listener},
 * {@code stream} and {@code change} ({@code assigned} or {@code revoked}): how many
 * partitions a listener was given and has given up since it first had some of the stream.
 * What it is given first after a start is none of them. Safe for use by many threads.
 */
public class MicrometerListenerRebalances implements ApplicationListener<ListenerContainerEvent> {

	private final MeterRegistry registry;

	/** Where the first partitions were assigned since the last start. */
	private final Set<Key> begun = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it.
	 * @param registry where the counters go
	 */
	public MicrometerListenerRebalances(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ListenerContainerEvent event) {
		String listener = event.getListenerId();
		if (event instanceof ListenerPartitionsAssignedEvent assigned) {
			boolean first = this.begun.add(new Key(listener, assigned.getStream()));
			count(listener, assigned.getStream(), "assigned", first ? List.of() : assigned.getPartitions());
			// Both at once, so that none is missing.
			count(listener, assigned.getStream(), "revoked", List.of());
		}
		else if (event instanceof ListenerPartitionsRevokedEvent revoked) {
			count(listener, revoked.getStream(), "revoked", revoked.getPartitions());
		}
		else if (event instanceof ListenerContainerStoppedEvent) {
			this.begun.removeIf((key) -> key.listener().equals(listener));
		}
	}

	private void count(String listener, String stream, String change, List<Integer> partitions) {
		Counter.builder("liftbridge.listener.rebalances")
			.description("Partitions that were assigned or revoked after the start")
			.tags("listener", listener, "stream", stream, "change", change)
			.register(this.registry)
			.increment(partitions.size());
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/** What counters are told apart by. */
	private record Key(String listener, String stream) {

	}

}
