package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StreamMetadata;

/**
 * Creates, deletes and describes streams. Each method waits for the server, up to the
 * client's request timeout; what is transient (a broker that restarts, an election) is
 * waited out. Safe for use by many threads.
 */
public final class StreamAdmin {

	private final Cluster cluster;

	/**
	 * For use inside the client.
	 * @param cluster the brokers
	 */
	public StreamAdmin(Cluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * Creates a stream.
	 * @param spec what it is to be like
	 * @throws StreamExistsException if the name is taken
	 * @throws InvalidRequestException if the server refuses an option
	 */
	public void create(StreamSpec spec) {
		Cluster.await(this.cluster.call(Rpc.CREATE_STREAM, spec.request(), Target.any(), stream(spec.name())));
		refresh();
	}

	/**
	 * Creates a stream unless the name is taken. An existing stream is left as it is,
	 * even if it differs.
	 * @param spec what it is to be like
	 * @return whether it was created
	 * @throws InvalidRequestException if the server refuses an option
	 */
	public boolean createIfAbsent(StreamSpec spec) {
		if (Cluster.await(this.cluster.latest()).stream(spec.name()) != null) {
			return false;
		}
		try {
			create(spec);
			return true;
		}
		catch (StreamExistsException ex) {
			refresh();
			return false;
		}
	}

	/**
	 * Deletes a stream with everything in it.
	 * @param name its name
	 * @throws StreamNotFoundException if it does not exist
	 */
	public void delete(String name) {
		StreamNames.checkNewStream(name);
		Cluster.await(this.cluster.call(Rpc.DELETE_STREAM, DeleteStreamRequest.newBuilder().setName(name).build(),
				Target.any(), stream(name)));
		refresh();
	}

	/**
	 * Deletes a stream if it exists.
	 * @param name its name
	 * @return whether it was deleted
	 */
	public boolean deleteIfExists(String name) {
		try {
			delete(name);
			return true;
		}
		catch (StreamNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Asks whether a stream exists.
	 * @param name its name
	 * @return whether a broker knows it
	 */
	public boolean exists(String name) {
		StreamNames.checkStream(name);
		return find(name).stream(name) != null;
	}

	/**
	 * Lists the streams that users created; those whose name begins with two underscores
	 * are the server's.
	 * @return the streams by name
	 */
	public List<StreamInfo> list() {
		return infos(Cluster.await(this.cluster.latest()));
	}

	/**
	 * Lists the streams that users created, as far as is known without asking anybody.
	 * Never waits.
	 * @return the streams by name, empty before the first answer of a broker
	 */
	public List<StreamInfo> known() {
		return infos(this.cluster.known());
	}

	/**
	 * Describes a stream.
	 * @param name its name
	 * @return the stream as a broker knows it
	 * @throws StreamNotFoundException if it does not exist
	 */
	public StreamInfo describe(String name) {
		StreamNames.checkStream(name);
		ClusterMetadata metadata = find(name);
		StreamMetadata stream = metadata.stream(name);
		if (stream == null) {
			throw notFound(name, metadata);
		}
		return info(stream);
	}

	/** A broker that has just come back learns its streams one by one. */
	private ClusterMetadata find(String name) {
		long deadline = System.nanoTime() + this.cluster.options().requestTimeout().toNanos();
		ClusterMetadata metadata = Cluster.await(this.cluster.latest());
		while (metadata.stream(name) == null && this.cluster.isRecovering() && System.nanoTime() < deadline) {
			Cluster.await(this.cluster.delay(Duration.ofMillis(100)));
			metadata = Cluster.await(this.cluster.latest());
		}
		return metadata;
	}

	/**
	 * Describes a partition as its leader knows it, with current offsets.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return the partition
	 * @throws StreamNotFoundException if the stream does not exist
	 * @throws PartitionNotFoundException if the stream has no such partition
	 * @throws io.liftbridge.client.message.BrokerUnavailableException if it has no
	 * leader, or is paused
	 */
	public PartitionInfo describePartition(String stream, int partition) {
		return Cluster.await(describePartitionAsync(stream, partition));
	}

	/**
	 * Describes a partition as its leader knows it, without waiting.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return completes with the partition, or with an exception as
	 * {@link #describePartition} throws it, on a thread of the network that must not be
	 * blocked
	 */
	public CompletableFuture<PartitionInfo> describePartitionAsync(String stream, int partition) {
		StreamNames.checkStream(stream);
		return checkPartition(stream, partition)
			.thenCompose((checked) -> this.cluster.call(Rpc.FETCH_PARTITION,
					FetchPartitionMetadataRequest.newBuilder().setStream(stream).setPartition(partition).build(),
					Target.leader(stream, partition), stream(stream) + " partition " + partition))
			.thenApply((response) -> PartitionInfo.of(stream, response.getMetadata()));
	}

	/**
	 * Pauses partitions until somebody publishes to them, or reads them and asks for them
	 * to be resumed.
	 * @param stream the stream's name
	 * @param resumeAll whether the first message for one of them resumes all
	 * @param partitions their numbers, none for all
	 * @throws StreamNotFoundException if the stream does not exist
	 * @throws PartitionNotFoundException if the stream has no such partition
	 */
	public void pause(String stream, boolean resumeAll, int... partitions) {
		StreamNames.checkStream(stream);
		PauseStreamRequest.Builder request = PauseStreamRequest.newBuilder().setName(stream).setResumeAll(resumeAll);
		for (int partition : partitions) {
			request.addPartitions(partition);
		}
		Cluster.await(this.cluster.call(Rpc.PAUSE_STREAM, request.build(), Target.any(), stream(stream)));
	}

	/**
	 * Sets or clears the read-only flag of partitions. Other brokers may see it a moment
	 * later.
	 * @param stream the stream's name
	 * @param readonly whether they are to refuse messages
	 * @param partitions their numbers, none for all
	 * @throws StreamNotFoundException if the stream does not exist
	 * @throws PartitionNotFoundException if the stream has no such partition
	 */
	public void setReadonly(String stream, boolean readonly, int... partitions) {
		StreamNames.checkStream(stream);
		SetStreamReadonlyRequest.Builder request = SetStreamReadonlyRequest.newBuilder()
			.setName(stream)
			.setReadonly(readonly);
		for (int partition : partitions) {
			request.addPartitions(partition);
		}
		Cluster.await(this.cluster.call(Rpc.SET_READONLY, request.build(), Target.any(), stream(stream)));
	}

	/**
	 * What was asked for is done; that nobody can be asked about it right now is no
	 * failure.
	 */
	private void refresh() {
		Cluster.await(this.cluster.refresh().exceptionally((failure) -> this.cluster.known()));
	}

	private CompletableFuture<Void> checkPartition(String stream, int partition) {
		return this.cluster.metadata().thenCompose((metadata) -> {
			if (metadata.partition(stream, partition) != null || this.cluster.isRecovering()) {
				return CompletableFuture.completedFuture(null);
			}
			return this.cluster.refresh().thenAccept((latest) -> checkPartition(stream, partition, latest));
		});
	}

	private void checkPartition(String stream, int partition, ClusterMetadata metadata) {
		if (metadata.stream(stream) == null && !this.cluster.isRecovering()) {
			throw notFound(stream, metadata);
		}
		int partitions = metadata.partitions(stream);
		if (partitions > 0 && (partition < 0 || partition >= partitions)) {
			throw noPartition(stream, partition, partitions);
		}
	}

	/**
	 * The failure for a stream that nobody knows.
	 * @param name the stream's name
	 * @param metadata where it was looked for
	 * @return the exception
	 */
	public static StreamNotFoundException notFound(String name, ClusterMetadata metadata) {
		List<String> others = metadata.userStreams();
		String existing = others.isEmpty() ? "There are no streams yet."
				: "Existing streams are: " + String.join(", ", others.subList(0, Math.min(20, others.size())))
						+ ((others.size() > 20) ? " and " + (others.size() - 20) + " more." : ".");
		return new StreamNotFoundException("stream '" + name + "' does not exist (asked " + metadata.source() + "). "
				+ existing + " Create it with LiftbridgeAdmin, or list it under liftbridge.streams.", null);
	}

	/**
	 * The failure for a partition that the stream does not have.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param partitions how many there are
	 * @return the exception
	 */
	public static PartitionNotFoundException noPartition(String stream, int partition, int partitions) {
		return new PartitionNotFoundException("stream '" + stream + "' has no partition " + partition + ": it has "
				+ partitions + ", numbered from 0 to " + (partitions - 1) + ".", null);
	}

	private static List<StreamInfo> infos(ClusterMetadata metadata) {
		return metadata.streams()
			.stream()
			.filter((stream) -> !stream.getName().startsWith("__"))
			.map(StreamAdmin::info)
			.toList();
	}

	private static StreamInfo info(StreamMetadata stream) {
		List<PartitionInfo> partitions = new ArrayList<>();
		new TreeMap<>(stream.getPartitionsMap())
			.forEach((id, partition) -> partitions.add(PartitionInfo.of(stream.getName(), partition)));
		return new StreamInfo(stream.getName(), stream.getSubject(),
				ReceivedMessage.instant(stream.getCreationTimestamp()), List.copyOf(partitions));
	}

	private static String stream(String name) {
		return "stream '" + name + "'";
	}

}
