package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.DeleteStreamResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StreamMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Creates, deletes and describes streams. Each method waits for the server, up to the
 * client's request timeout; what is transient (a broker that restarts, an election) is
 * waited out. Safe for use by many threads.
 */
public final class StreamAdmin {

	/** A broker may lag behind the one that made a change. */
	private static final int LAGGING_ATTEMPTS = 4;

	private final Cluster cluster;

	private final StreamWaiting waiting;

	/**
	 * For use inside the client.
	 * @param cluster the brokers
	 */
	public StreamAdmin(Cluster cluster) {
		this.cluster = cluster;
		this.waiting = new StreamWaiting(cluster);
	}

	/**
	 * Creates a stream.
	 * @param spec what it is to be like
	 * @throws StreamExistsException if the name is taken
	 * @throws InvalidRequestException if the server refuses an option
	 */
	public void create(StreamSpec spec) {
		long deadline = deadline();
		create(spec, isThere(spec.name(), deadline), deadline);
	}

	private void create(StreamSpec spec, boolean taken, long deadline) {
		Rpc<CreateStreamRequest, CreateStreamResponse> rpc = Rpc.CREATE_STREAM;
		CreateStreamResponse response = Cluster.await(this.cluster.call(taken ? rpc.literally() : rpc, spec.request(),
				Target.any(), stream(spec.name()), rest(deadline)));
		StreamMetadata created = awaitPresence(spec.name(), true);
		if (rpc.isConcluded(response) && created != null
				&& !spec.describes(created, this.cluster.options().namespace())) {
			throw new StreamExistsException("create stream: " + stream(spec.name())
					+ ": an attempt was not answered, and by now there is a stream of this name that is not like the"
					+ " one to create: subject '" + created.getSubject() + "', " + created.getPartitionsCount()
					+ " partitions. Somebody else created it.", null);
		}
	}

	/**
	 * Asked before a change: without this, "exists already" after an attempt that was not
	 * answered could mean that attempt, or a stream from before it.
	 */
	private boolean isThere(String name, long deadline) {
		return ask(name, deadline) != null;
	}

	/** Asks for one stream alone, as there may be thousands; at first for all. */
	private @Nullable StreamMetadata present(String name) {
		return this.cluster.known().streams().isEmpty() ? Cluster.await(this.cluster.latest()).stream(name)
				: ask(name, deadline());
	}

	private @Nullable StreamMetadata ask(String name, long deadline) {
		FetchMetadataRequest request = FetchMetadataRequest.newBuilder().addStreams(name).build();
		return Cluster.await(this.cluster.call(Rpc.FETCH_METADATA, request, Target.any(), stream(name), rest(deadline)))
			.getStreamMetadataList()
			.stream()
			.filter((stream) -> stream.getName().equals(name) && stream.getError() == StreamMetadata.Error.OK)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Creates a stream unless the name is taken. An existing stream is left as it is,
	 * even if it differs.
	 * @param spec what it is to be like
	 * @return whether it was created
	 * @throws InvalidRequestException if the server refuses an option
	 */
	public boolean createIfAbsent(StreamSpec spec) {
		if (present(spec.name()) != null) {
			return false;
		}
		try {
			create(spec, false, deadline());
			return true;
		}
		catch (StreamExistsException ex) {
			awaitPresence(spec.name(), true);
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
		long deadline = deadline();
		Rpc<DeleteStreamRequest, DeleteStreamResponse> rpc = isThere(name, deadline) ? Rpc.DELETE_STREAM
				: Rpc.DELETE_STREAM.literally();
		Cluster.await(this.cluster.call(rpc, DeleteStreamRequest.newBuilder().setName(name).build(), Target.any(),
				stream(name), rest(deadline)));
		awaitPresence(name, false);
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
		StreamMetadata alone = present(name);
		if (alone != null) {
			return info(alone);
		}
		// The broker that was asked may not know it yet.
		ClusterMetadata metadata = find(name);
		StreamMetadata stream = metadata.stream(name);
		if (stream == null) {
			throw Missing.stream(name, metadata);
		}
		return info(stream);
	}

	/** A broker that has just come back learns its streams one by one. */
	private ClusterMetadata find(String name) {
		long deadline = deadline();
		ClusterMetadata metadata = Cluster.await(this.cluster.latest());
		while (metadata.stream(name) == null && this.cluster.isRecovering() && System.nanoTime() < deadline) {
			Cluster.await(this.cluster.delay(Duration.ofMillis(100)));
			metadata = Cluster.await(this.cluster.latest());
		}
		return metadata;
	}

	/**
	 * Waits until a stream exists and all its partitions have leaders: for who uses what
	 * somebody else creates.
	 * @param name its name
	 * @param timeout how long to wait
	 * @return the stream
	 * @throws StreamNotFoundException if it does not exist by then
	 * @throws BrokerUnavailableException if no broker answers, or a partition has no
	 * leader by then
	 */
	public StreamInfo waitForStream(String name, Duration timeout) {
		StreamNames.checkStream(name);
		return info(this.waiting.forStream(name, timeout));
	}

	/**
	 * Waits until cursors can be stored. A server makes the stream for them a moment
	 * after it has started.
	 * @param timeout how long to wait
	 * @throws io.liftbridge.client.message.CursorsDisabledException if there is no stream
	 * for cursors by then: they are off in the server's configuration, most probably
	 * @throws BrokerUnavailableException if no broker answers, or a partition of that
	 * stream has no leader by then
	 */
	public void waitForCursors(Duration timeout) {
		this.waiting.forCursors(timeout);
	}

	/**
	 * Describes the cluster.
	 * @param groups ids of the consumer groups to describe, too
	 * @return the brokers, and those of the groups that exist
	 * @throws InvalidRequestException if an id is not allowed
	 */
	public ClusterInfo describeCluster(String... groups) {
		for (String group : groups) {
			StreamNames.checkGroup(group);
		}
		return ClusterInfo.of(Cluster.await(this.cluster.call(Rpc.FETCH_METADATA,
				FetchMetadataRequest.newBuilder().addAllGroups(List.of(groups)).build(), Target.any(), "cluster")));
	}

	/**
	 * Describes a partition as its leader knows it, with current offsets.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return the partition
	 * @throws StreamNotFoundException if the stream does not exist
	 * @throws PartitionNotFoundException if the stream has no such partition
	 * @throws BrokerUnavailableException if it has no leader, or is paused
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
	 * Brings what is known up to what was just done. Another broker may learn of it a
	 * moment later than the one that did it. That nobody can be asked about it right now
	 * is no failure.
	 */
	private @Nullable StreamMetadata awaitPresence(String name, boolean present) {
		for (int attempt = 1;; attempt++) {
			StreamMetadata stream = Cluster
				.await(this.cluster.refresh().exceptionally((failure) -> this.cluster.known()))
				.stream(name);
			boolean another = this.cluster.brokers().size() > 1 && attempt <= LAGGING_ATTEMPTS;
			if ((stream != null) == present || !(another && !this.cluster.isClosed())) {
				return stream;
			}
			Cluster.await(this.cluster.delay(this.cluster.options().retryPolicy().pause(attempt)));
		}
	}

	private long deadline() {
		return System.nanoTime() + this.cluster.options().requestTimeout().toNanos();
	}

	private static Duration rest(long deadline) {
		return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
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
			throw Missing.stream(stream, metadata);
		}
		int partitions = metadata.partitions(stream);
		if (partitions > 0 && (partition < 0 || partition >= partitions)) {
			throw Missing.partition(stream, partition, partitions);
		}
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
