package io.liftbridge.embedded.stream;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.embedded.log.Nanos;
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

	private final long created = Nanos.now();

	private final List<Partition> partitions;

	private volatile boolean resumeAll;

	Stream(CreateStreamRequest request, StreamOptions options, Cluster cluster) {
		this.name = request.getName();
		this.subject = request.getSubject();
		this.queueGroup = request.getGroup();
		this.options = options;
		List<Partition> created = new ArrayList<>();
		for (int id = 0; id < request.getPartitions(); id++) {
			created.add(new Partition(this, id, cluster));
		}
		this.partitions = List.copyOf(created);
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
