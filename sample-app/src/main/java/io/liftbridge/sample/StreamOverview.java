package io.liftbridge.sample;

import java.time.Instant;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Describes the streams, and how far behind the listeners are.
 */
@Component
class StreamOverview {

	private final LiftbridgeClient client;

	private final LiftbridgeListenerEndpointRegistry listeners;

	StreamOverview(LiftbridgeClient client, LiftbridgeListenerEndpointRegistry listeners) {
		this.client = client;
		this.listeners = listeners;
	}

	List<StreamView> streams() {
		return this.client.streams()
			.list()
			.stream()
			.map((stream) -> new StreamView(stream.name(), stream.subject(), stream.createdAt(),
					stream.partitions().stream().map(this::partition).toList()))
			.toList();
	}

	private PartitionView partition(PartitionInfo known) {
		// Only the leader knows the newest offset; without one nobody does.
		PartitionInfo partition = (known.leader() != null)
				? this.client.streams().describePartition(known.stream(), known.partition()) : known;
		return new PartitionView(partition.partition(), partition.leader(), partition.newestOffset(),
				this.listeners.containers()
					.stream()
					.flatMap((container) -> container.partitions()
						.stream()
						.filter((status) -> status.stream().equals(partition.stream())
								&& status.partition() == partition.partition())
						.map((status) -> ListenerView.of(container, status, partition.newestOffset())))
					.toList());
	}

	record StreamView(String name, String subject, Instant createdAt, List<PartitionView> partitions) {
	}

	record PartitionView(int partition, @Nullable String leader, long newestOffset, List<ListenerView> listeners) {
	}

	record ListenerView(String id, String state, long position, long lag, @Nullable String error) {

		static ListenerView of(ListenerContainer container, PartitionStatus status, long newest) {
			return new ListenerView(container.id(), status.state().name(), status.position(),
					Math.max(0, newest - status.position()), status.lastError());
		}

	}

}
