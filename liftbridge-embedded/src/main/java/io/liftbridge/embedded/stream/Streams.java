package io.liftbridge.embedded.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.grpc.Status;
import io.liftbridge.proto.CreateStreamRequest;
import org.jspecify.annotations.Nullable;

/**
 * All streams of the broker. Changes are made one at a time, as if they went through a
 * metadata log. Thread-safe.
 */
public final class Streams {

	/** The reserved stream that holds the cursors. */
	public static final String CURSORS = StreamRules.CURSORS;

	private static final String NO_STREAM = "stream does not exist";

	private final Cluster cluster;

	private final Subjects subjects;

	private final MetadataLeader leader;

	private final Housekeeping housekeeping = new Housekeeping(this::pauseIdle);

	private final Map<String, Stream> streams = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<Consumer<String>> deletionListeners = new ArrayList<>();

	/**
	 * Creates an empty set of streams.
	 * @param cluster the cluster they are in
	 * @param subjects where their messages come from
	 * @param leader tells whether they are known yet
	 */
	public Streams(Cluster cluster, Subjects subjects, MetadataLeader leader) {
		this.cluster = cluster;
		this.subjects = subjects;
		this.leader = leader;
	}

	/**
	 * Begins to clean logs and to pause idle partitions.
	 * @param scheduler the broker's clock
	 */
	public void start(ScheduledExecutorService scheduler) {
		this.lock.lock();
		try {
			this.housekeeping.start(scheduler);
			this.streams.values().forEach(this.housekeeping::watch);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets everything be as it is.
	 */
	public void stop() {
		this.housekeeping.stop();
	}

	/**
	 * Registers an interest in deletions.
	 * @param listener gets the name of each stream after it was deleted
	 */
	public void onDeletion(Consumer<String> listener) {
		this.deletionListeners.add(listener);
	}

	/**
	 * A stream by its name.
	 * @param name any text
	 * @return the stream, or {@code null} if there is none or it is not known yet
	 */
	public @Nullable Stream find(String name) {
		return this.leader.isKnown() ? this.streams.get(name) : null;
	}

	/**
	 * All streams.
	 * @return the streams that are known, reserved ones included, in no particular order
	 */
	public Collection<Stream> all() {
		return this.leader.isKnown() ? this.streams.values() : List.of();
	}

	/**
	 * Checks what can be said of a request without knowing the other streams.
	 * @param request what is to be created
	 * @return the request with its defaults filled in
	 * @throws RefusedException if it is not acceptable
	 */
	public CreateStreamRequest check(CreateStreamRequest request) {
		CreateStreamRequest.Builder complete = request.toBuilder();
		if (request.getPartitions() == 0) {
			complete.setPartitions(1);
		}
		if (request.getReplicationFactor() == 0) {
			complete.setReplicationFactor(1);
		}
		StreamRules.checkRequest(request);
		return complete.build();
	}

	/**
	 * Creates a stream.
	 * @param request a checked request
	 * @throws RefusedException if the stream exists or the cluster cannot hold it
	 */
	public void create(CreateStreamRequest request) {
		StreamRules.checkReplication(request.getReplicationFactor());
		create(request, StreamOptions.of(request));
	}

	/**
	 * Creates the stream for cursors.
	 * @param partitions number of its partitions
	 */
	public void createCursors(int partitions) {
		create(CreateStreamRequest.newBuilder()
			.setName(CURSORS)
			.setSubject(this.cluster.namespace() + ".cursors")
			.setPartitions(partitions)
			.build(), StreamOptions.ofCursors());
	}

	private void create(CreateStreamRequest request, StreamOptions options) {
		this.lock.lock();
		try {
			if (this.streams.containsKey(request.getName())) {
				throw new RefusedException(Status.ALREADY_EXISTS.withDescription("stream already exists"));
			}
			StreamRules.refuseWhatCrashes(request);
			Stream stream = new Stream(request, options, this.cluster);
			this.streams.put(stream.name(), stream);
			stream.partitions().forEach(this.subjects::listen);
			this.housekeeping.watch(stream);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Checks whether a stream may be deleted at all.
	 * @param name its name
	 * @throws RefusedException if it is reserved
	 */
	public void checkDeletion(String name) {
		if (StreamRules.isReserved(name)) {
			throw RefusedException.invalid("Stream is reserved");
		}
	}

	/**
	 * Deletes a stream with its messages.
	 * @param name its name
	 * @throws RefusedException if there is none
	 */
	public void delete(String name) {
		this.lock.lock();
		try {
			Stream stream = existing(name);
			this.streams.remove(name);
			this.housekeeping.unwatch(stream);
			stream.partitions().forEach(this.subjects::ignore);
			stream.partitions().forEach((partition) -> partition.log().delete());
		}
		finally {
			this.lock.unlock();
		}
		this.deletionListeners.forEach((listener) -> listener.accept(name));
	}

	/**
	 * Pauses partitions. Those that are paused stay so.
	 * @param name the stream's name
	 * @param ids the partitions
	 * @param resumeAll whether publishing to one of them will resume all
	 * @throws RefusedException if the stream or a partition does not exist
	 */
	public void pause(String name, List<Integer> ids, boolean resumeAll) {
		this.lock.lock();
		try {
			Stream stream = existing(name);
			for (Partition partition : existing(stream, ids)) {
				this.subjects.ignore(partition);
				partition.pause();
			}
			stream.resumeAsWhole(resumeAll);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void pauseIdle(Partition partition) {
		this.lock.lock();
		try {
			Stream stream = partition.stream();
			if (this.streams.get(stream.name()) == stream) {
				pause(stream.name(), List.of(partition.id()), false);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Resumes what publishing to a partition resumes: the partition if it is paused, or
	 * all paused ones of its stream if they were paused so.
	 * @param stream the stream
	 * @param partition the partition published or subscribed to
	 */
	public void resumeFor(Stream stream, Partition partition) {
		if (!partition.isPaused() && !stream.isResumedAsWhole()) {
			return;
		}
		this.lock.lock();
		try {
			List<Partition> candidates = stream.isResumedAsWhole() ? stream.partitions() : List.of(partition);
			List<Partition> paused = candidates.stream().filter(Partition::isPaused).toList();
			if (paused.isEmpty() || this.streams.get(stream.name()) != stream) {
				return;
			}
			for (Partition each : paused) {
				// First, because who sees the partition resumed publishes to it at once.
				this.subjects.listen(each);
				each.resume();
				this.housekeeping.watchIdle(each);
			}
			stream.resumeAsWhole(false);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Makes partitions take messages or not.
	 * @param name the stream's name
	 * @param ids the partitions
	 * @param readonly whether they take none
	 * @throws RefusedException if the stream or a partition does not exist
	 */
	public void setReadonly(String name, List<Integer> ids, boolean readonly) {
		this.lock.lock();
		try {
			existing(existing(name), ids).forEach((partition) -> partition.setReadonly(readonly));
		}
		finally {
			this.lock.unlock();
		}
	}

	private Stream existing(String name) {
		Stream stream = this.streams.get(name);
		if (stream == null) {
			throw RefusedException.notFound(NO_STREAM);
		}
		return stream;
	}

	private static List<Partition> existing(Stream stream, List<Integer> ids) {
		List<Partition> found = new ArrayList<>();
		for (int id : ids) {
			Partition partition = stream.partition(id);
			if (partition == null) {
				throw RefusedException.notFound("partition does not exist");
			}
			found.add(partition);
		}
		return found;
	}

}
