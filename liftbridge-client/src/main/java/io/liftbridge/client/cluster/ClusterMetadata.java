package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a broker said of the cluster at one moment. Immutable. For use inside the client.
 */
public final class ClusterMetadata {

	/** The server's own stream that keeps cursors. */
	public static final String CURSORS_STREAM = "__cursors";

	/** The server's own stream of what happens. */
	public static final String ACTIVITY_STREAM = "__activity";

	static final ClusterMetadata EMPTY = new ClusterMetadata(new Address("", 0));

	private final Map<String, Broker> brokers = new LinkedHashMap<>();

	private final Map<String, StreamMetadata> streams = new TreeMap<>();

	private final Address source;

	private final long nanoTime = System.nanoTime();

	/** Nobody has said anything yet. */
	private ClusterMetadata(Address source) {
		this.source = source;
	}

	ClusterMetadata(FetchMetadataResponse response, Address source) {
		this(source);
		response.getBrokersList().forEach((broker) -> this.brokers.put(broker.getId(), broker));
		for (StreamMetadata stream : response.getStreamMetadataList()) {
			if (stream.getError() == StreamMetadata.Error.OK) {
				this.streams.put(stream.getName(), stream);
			}
		}
	}

	Collection<Broker> brokers() {
		return this.brokers.values();
	}

	boolean hasBroker(String id) {
		return this.brokers.containsKey(id);
	}

	boolean isEmpty() {
		return this.brokers.isEmpty();
	}

	long ageNanos() {
		return System.nanoTime() - this.nanoTime;
	}

	/**
	 * Tells who said it.
	 * @return the broker's address
	 */
	public Address source() {
		return this.source;
	}

	/**
	 * Lists all streams by name, the server's own among them.
	 * @return the streams
	 */
	public Collection<StreamMetadata> streams() {
		return Collections.unmodifiableCollection(this.streams.values());
	}

	/**
	 * Lists the streams that users created.
	 * @return their names, sorted
	 */
	public List<String> userStreams() {
		return this.streams.keySet().stream().filter((name) -> !name.startsWith("__")).toList();
	}

	/**
	 * Looks a stream up.
	 * @param name the stream's name
	 * @return the stream, or {@code null} if it is not known
	 */
	public @Nullable StreamMetadata stream(String name) {
		return this.streams.get(name);
	}

	/**
	 * Counts a stream's partitions.
	 * @param stream the stream's name
	 * @return how many, 0 if the stream is not known
	 */
	public int partitions(String stream) {
		StreamMetadata metadata = this.streams.get(stream);
		return (metadata != null) ? metadata.getPartitionsCount() : 0;
	}

	/**
	 * Looks a partition up.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return the partition, or {@code null} if it is not known
	 */
	public @Nullable PartitionMetadata partition(String stream, int partition) {
		StreamMetadata metadata = this.streams.get(stream);
		return (metadata != null) ? metadata.getPartitionsMap().get(partition) : null;
	}

	@Nullable String leader(String stream, int partition) {
		PartitionMetadata metadata = partition(stream, partition);
		return (metadata != null && this.brokers.containsKey(metadata.getLeader())) ? metadata.getLeader() : null;
	}

	/** Tells which partitions another broker leads than before. */
	void tellChanges(ClusterMetadata before, ConnectionListener listener) {
		boolean sameBrokers = this.brokers.keySet().equals(before.brokers.keySet());
		this.streams.forEach((name, stream) -> {
			StreamMetadata known = before.streams.get(name);
			if (known != null && !(sameBrokers && hasSameLeaders(known, stream))) {
				tellChanges(name, known, before, listener);
			}
		});
	}

	/** There may be thousands of streams, of which hardly any has changed. */
	private static boolean hasSameLeaders(StreamMetadata before, StreamMetadata now) {
		Map<Integer, PartitionMetadata> present = now.getPartitionsMap();
		for (Map.Entry<Integer, PartitionMetadata> partition : before.getPartitionsMap().entrySet()) {
			PartitionMetadata other = present.get(partition.getKey());
			if (other != null && !other.getLeader().equals(partition.getValue().getLeader())) {
				return false;
			}
		}
		return true;
	}

	private void tellChanges(String stream, StreamMetadata known, ClusterMetadata before, ConnectionListener listener) {
		known.getPartitionsMap().keySet().stream().sorted().forEach((number) -> {
			String old = before.leader(stream, number);
			String now = leader(stream, number);
			if (partition(stream, number) != null && !Objects.equals(old, now)) {
				listener.onLeaderChanged(stream, number, old, now);
			}
		});
	}

	List<String> isr(String stream, int partition) {
		PartitionMetadata metadata = partition(stream, partition);
		if (metadata == null) {
			return List.of();
		}
		List<String> known = new ArrayList<>(metadata.getIsrList());
		known.retainAll(this.brokers.keySet());
		return known;
	}

}
