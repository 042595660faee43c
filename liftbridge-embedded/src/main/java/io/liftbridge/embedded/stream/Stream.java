package io.liftbridge.embedded.stream;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.embedded.log.PartitionLog;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.StreamMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A named log, divided into partitions. Thread-safe.
 */
public final class Stream {

	private final String name;

	private final String subject;

	private final String queueGroup;

	private final StreamOptions options;

	private final CreateStreamRequest request;

	private final long created;

	private final List<Partition> partitions;

	private volatile boolean resumeAll;

	Stream(StreamState state, Cluster cluster, StreamStorage storage) {
		this.request = state.request();
		this.created = state.created();
		this.name = state.name();
		this.subject = this.request.getSubject();
		this.queueGroup = this.request.getGroup();
		this.options = StreamOptions.of(this.request);
		this.resumeAll = state.resumedAsWhole();
		List<Partition> all = new ArrayList<>();
		for (int id = 0; id < state.partitions().size(); id++) {
			PartitionLog log = new PartitionLog(this.options.log(), storage.log(this.name, id));
			all.add(new Partition(this, id, cluster, log, state.partitions().get(id)));
		}
		this.partitions = List.copyOf(all);
	}

	/**
	 * What is to be known of the stream, beside its messages, to bring it back.
	 */
	StreamState state() {
		return new StreamState(this.request, this.created, this.resumeAll,
				this.partitions.stream().map(Partition::state).toList());
	}

	/**
	 * The name, unique on this broker.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The subject of partition 0.
	 * @return the subject
	 */
	public String subject() {
		return this.subject;
	}

	/**
	 * The partitions by their ids.
	 * @return the partitions, at least one
	 */
	public List<Partition> partitions() {
		return this.partitions;
	}

	/**
	 * One partition.
	 * @param id any number
	 * @return the partition, or {@code null} if there is none with this id
	 */
	public @Nullable Partition partition(int id) {
		return (id >= 0 && id < this.partitions.size()) ? this.partitions.get(id) : null;
	}

	void restarted() {
		this.partitions.forEach((partition) -> partition.started(partition.state()));
	}

	String queueGroup() {
		return this.queueGroup;
	}

	StreamOptions options() {
		return this.options;
	}

	boolean isResumedAsWhole() {
		return this.resumeAll;
	}

	void resumeAsWhole(boolean whole) {
		this.resumeAll = whole;
	}

	/**
	 * What metadata says of the stream.
	 * @return its description with all partitions
	 */
	public StreamMetadata describe() {
		StreamMetadata.Builder metadata = StreamMetadata.newBuilder()
			.setName(this.name)
			.setSubject(this.subject)
			.setCreationTimestamp(this.created);
		this.partitions.forEach((partition) -> metadata.putPartitions(partition.id(), partition.describe()));
		return metadata.build();
	}

}
