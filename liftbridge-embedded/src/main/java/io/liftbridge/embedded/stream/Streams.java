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
import io.liftbridge.embedded.log.Nanos;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.proto.CreateStreamRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All streams of the broker. Changes are made one at a time, as if they went through a
 * metadata log. Thread-safe.
 */
public final class Streams {

	/** The reserved stream that holds the cursors. */
	public static final String CURSORS = StreamRules.CURSORS;

	private static final Logger logger = LoggerFactory.getLogger(Streams.class);

	private static final String NO_STREAM = "stream does not exist";

	private final Cluster cluster;

	private final Subjects subjects;

	private final MetadataLeader leader;

	private final MetadataLog metadata;

	private final StreamStorage storage;

	private final Housekeeping housekeeping = new Housekeeping(this::pauseIdle);

	private final Map<String, Stream> streams = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<Consumer<String>> deletionListeners = new ArrayList<>();

	/**
	 * Creates the set of the streams that were kept.
	 * @param cluster the cluster they are in
	 * @param subjects where their messages come from
	 * @param leader tells whether they are known yet
	 * @param metadata gets the changes
	 * @param storage where they are kept
	 * @throws StorageException if they cannot be read
	 */
	public Streams(Cluster cluster, Subjects subjects, MetadataLeader leader, MetadataLog metadata,
			StreamStorage storage) {
		this.cluster = cluster;
		this.subjects = subjects;
		this.leader = leader;
		this.metadata = metadata;
		this.storage = storage;
		storage.load().forEach((state) -> add(new Stream(state, cluster, storage)));
	}

	private void add(Stream stream) {
		this.streams.put(stream.name(), stream);
		stream.partitions().stream().filter((partition) -> !partition.isPaused()).forEach(this.subjects::listen);
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
		this.lock.lock();
		try {
			this.streams.values().forEach(Stream::restarted);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets go of where the messages are kept. Nothing can be stored afterwards.
	 */
	public void release() {
		this.lock.lock();
		try {
			this.streams.values()
				.stream()
				.flatMap((stream) -> stream.partitions().stream())
				.forEach((partition) -> partition.log().release());
		}
		finally {
			this.lock.unlock();
		}
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
	 * @throws RefusedException if the stream exists or the cluster cannot hold or keep it
	 */
	public void create(CreateStreamRequest request) {
		StreamRules.checkReplication(request.getReplicationFactor());
		createUnchecked(request);
	}

	/**
	 * Creates a stream of the broker's own unless it was kept.
	 * @param name its reserved name
	 * @param subject its subject within the broker's namespace
	 * @param partitions number of its partitions
	 * @throws RefusedException if it cannot be kept
	 */
	public void createReserved(String name, String subject, int partitions) {
		if (!this.streams.containsKey(name)) {
			createUnchecked(CreateStreamRequest.newBuilder()
				.setName(name)
				.setSubject(this.cluster.namespace() + "." + subject)
				.setPartitions(partitions)
				.build());
		}
	}

	private void createUnchecked(CreateStreamRequest request) {
		this.lock.lock();
		try {
			if (this.streams.containsKey(request.getName())) {
				throw new RefusedException(Status.ALREADY_EXISTS.withDescription("stream already exists"));
			}
			StreamRules.refuseWhatCrashes(request);
			StreamState state = StreamState.fresh(request, Nanos.now());
			save(state);
			Stream stream = new Stream(state, this.cluster, this.storage);
			add(stream);
			this.metadata.append(Events.created(stream));
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
			forget(name);
			this.streams.remove(name);
			this.housekeeping.unwatch(stream);
			stream.partitions().forEach(this.subjects::ignore);
			stream.partitions().forEach(Partition::delete);
			this.metadata.append(Events.deleted(name));
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
			this.metadata.append(Events.paused(name, ids, resumeAll));
			save(stream.state());
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
		catch (RefusedException ex) {
			logger.warn("Partition {} of stream {} was idle and paused itself, but: {}", partition.id(),
					partition.stream().name(), ex.getMessage());
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
			this.metadata.append(Events.resumed(stream.name(), paused));
			save(stream.state());
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
			Stream stream = existing(name);
			existing(stream, ids).forEach((partition) -> partition.setReadonly(readonly));
			this.metadata.append(Events.readonlySet(name, ids, readonly));
			save(stream.state());
		}
		finally {
			this.lock.unlock();
		}
	}

	private void save(StreamState state) {
		try {
			this.storage.save(state);
		}
		catch (StorageException ex) {
			throw RefusedException.internal("failed to keep stream '" + state.name() + "': " + ex.getMessage());
		}
	}

	private void forget(String name) {
		try {
			this.storage.delete(name);
		}
		catch (StorageException ex) {
			throw RefusedException.internal("failed to delete stream '" + name + "': " + ex.getMessage());
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
