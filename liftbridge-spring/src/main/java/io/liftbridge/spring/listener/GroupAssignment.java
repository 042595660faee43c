package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupConsumerBuilder;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a member of a consumer group, and reads the partitions that the group leaves to it.
 */
final class GroupAssignment implements PartitionSource, ConsumerUpdateListener, BatchHandler {

	private static final Logger logger = LoggerFactory.getLogger(GroupAssignment.class);

	/** At the most what leaving the group takes of the time to stop. */
	private static final Duration LONGEST_LEAVE = Duration.ofSeconds(1);

	private final ContainerContext context;

	private final ContainerSession session;

	private final String group;

	private final List<String> retryStreams;

	private final RecoveryPause pauses;

	private final Instant since = Instant.now();

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<GroupPartition, GroupPartitionConsumer> consumers = new ConcurrentSkipListMap<>();

	/** What was told to the application. */
	private volatile Set<GroupPartition> told = Set.of();

	private volatile CompletableFuture<GroupConsumer> member = new CompletableFuture<>();

	private volatile boolean joined;

	private volatile @Nullable String error;

	GroupAssignment(ContainerContext context, ContainerSession session) {
		this.context = context;
		this.session = session;
		this.group = Objects.requireNonNull(context.properties().getGroup());
		this.retryStreams = context.retryStreams(context.properties().getStreams());
		this.pauses = new RecoveryPause(context.properties().getMaxRecoveryPause());
	}

	/** {@code null} where none is stored. */
	@Nullable String cursorId() {
		return (this.context.properties().getAckMode() != AckMode.NONE) ? this.context.cursorId() : null;
	}

	@Override
	public void begin() {
		onControl(this::join);
	}

	private void join() {
		if (this.session.isStopping()) {
			return;
		}
		try {
			prepareRetryStreams();
			start();
		}
		catch (InvalidRequestException | Error ex) {
			this.session.fail(ex);
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void start() {
		this.lock.lock();
		try {
			if (this.session.isStopping()) {
				return;
			}
			CompletableFuture<GroupConsumer> created = new CompletableFuture<>();
			this.member = created;
			GroupConsumer next = builder().start();
			created.complete(next);
			next.started().thenRun(this::joined);
			next.ended().whenComplete((nothing, failure) -> {
				if (failure != null) {
					failed(failure);
				}
			});
		}
		finally {
			this.lock.unlock();
		}
	}

	/** They may be missing, and nobody else creates them. */
	private void prepareRetryStreams() {
		this.retryStreams.forEach(this.context.errorHandler()::prepareRetryStream);
	}

	private GroupConsumerBuilder builder() {
		ContainerProperties properties = this.context.properties();
		return this.context.client()
			.group(this.group)
			.streams(properties.getStreams().toArray(String[]::new))
			.consumerId(MemberIds.of(properties.getMemberId(), this.context.id()))
			.singleActive(properties.isLeaderOnly())
			.from(properties.getStartPosition().get())
			.tracking((cursorId() != null) ? OffsetTracking.manual() : OffsetTracking.none())
			.resumePaused(properties.isResumePaused())
			.prefetch(properties.getPrefetch())
			.prefetchBytes(properties.getPrefetchBytes())
			.encodingHeader(properties.getEncodingHeader())
			.maxUncompressedBytes(properties.getMaxUncompressedBytes())
			.maxLargeMessageBytes(properties.getMaxLargeMessageBytes())
			.largeMessageTimeout(properties.getLargeMessageTimeout())
			.unknownEncoding(properties.getUnknownEncoding())
			.executor(this.session.pool())
			.batchHandler(this.session.batchSize(), this)
			.listener(this);
	}

	private void joined() {
		this.joined = true;
		this.pauses.reset();
		if (this.error != null) {
			this.error = null;
			logger.info("Listener '{}' has joined group '{}'", this.context.id(), this.group);
		}
		this.session.check();
	}

	private void failed(Throwable problem) {
		Throwable failure = (problem instanceof CompletionException && problem.getCause() != null) ? problem.getCause()
				: problem;
		if (failure instanceof InvalidRequestException) {
			this.session.fail(failure);
			return;
		}
		if (this.session.isStopping()) {
			return;
		}
		String reason = FailureText.of(failure);
		if (this.error == null) {
			logger.warn("Listener '{}' cannot join group '{}' yet, trying again: {}", this.context.id(), this.group,
					reason);
		}
		this.error = reason;
		this.joined = false;
		this.told = Set.of();
		this.session.startupFailed(failure);
		try {
			this.context.threads()
				.timer()
				.schedule(() -> onControl(this::join), this.pauses.next().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Listener '{}' does not join again: the application ends", this.context.id());
		}
	}

	private void onControl(Runnable action) {
		try {
			this.context.threads().control().execute(action);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Listener '{}' does nothing more: the application ends", this.context.id());
		}
	}

	@Override
	public void onRebalance(GroupMember current, String reason) {
		Set<GroupPartition> now = new TreeSet<>(current.partitions());
		// Not when they are given up: whoever gets them may begin in this moment.
		this.consumers.forEach((partition, consumer) -> {
			if (!now.contains(partition)) {
				consumer.revoke();
			}
		});
		Map<String, List<Integer>> gained = now.stream()
			.filter((partition) -> !this.told.contains(partition))
			.collect(Collectors.groupingBy(GroupPartition::stream, TreeMap::new,
					Collectors.mapping(GroupPartition::partition, Collectors.toList())));
		this.told = now;
		gained.forEach((stream, partitions) -> {
			logger.info("Listener '{}' reads stream '{}' partitions {}", this.context.id(), stream, partitions);
			this.context.publish(
					new ListenerPartitionsAssignedEvent(this.session.source(), this.context.id(), stream, partitions));
		});
	}

	@Override
	public @Nullable StartPosition onActive(GroupMember current, GroupPartition partition, OptionalLong stored) {
		SeekAware aware = seekAware(partition);
		long processed = stored.orElse(-1);
		StartPosition start = null;
		if (isRetryStream(partition) && stored.isEmpty()) {
			// What has failed since is in it, wherever the listener has begun.
			start = StartPosition.earliest();
		}
		else if (aware != null) {
			SeekTo place = aware.onAssigned(this.session.container(), partition.stream(), partition.partition(),
					stored);
			start = (place != null) ? place.resolve(processed) : null;
		}
		if (start != null) {
			processed = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		}
		GroupPartitionConsumer next = new GroupPartitionConsumer(this.context, this.session, this, partition,
				processed);
		GroupPartitionConsumer former = this.consumers.put(partition, next);
		if (former != null) {
			former.close();
		}
		if (this.session.isStopping()) {
			next.stop();
		}
		next.applyPause();
		return start;
	}

	/** Nobody but the positions says where to go on with what has failed. */
	private @Nullable SeekAware seekAware(GroupPartition partition) {
		return isRetryStream(partition) ? null : this.context.properties().getSeekAware();
	}

	private boolean isRetryStream(GroupPartition partition) {
		return this.retryStreams.contains(partition.stream());
	}

	@Override
	public void onStandby(GroupMember current, GroupPartition partition, String reason) {
		GroupPartitionConsumer former = this.consumers.remove(partition);
		if (former == null) {
			return;
		}
		former.close();
		SeekAware aware = seekAware(partition);
		if (aware != null) {
			aware.onRevoked(this.session.container(), partition.stream(), partition.partition());
		}
		logger.info("Listener '{}' has given up stream '{}' partition {}: {}", this.context.id(), partition.stream(),
				partition.partition(), reason);
		this.context.publish(new ListenerPartitionsRevokedEvent(this.session.source(), this.context.id(),
				partition.stream(), List.of(partition.partition()), reason));
	}

	@Override
	public void onLive(GroupMember current, GroupPartition partition, String broker) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().live();
		}
	}

	@Override
	public void onPartitionInterrupted(GroupMember current, GroupPartition partition, LiftbridgeException reason) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().interrupted(reason.toString());
		}
	}

	@Override
	public void onCursorFailure(GroupMember current, GroupPartition partition, LiftbridgeException failure) {
		// Whoever wanted it to be stored tells.
	}

	@Override
	public void onFailure(GroupMember current, GroupPartition partition, Throwable failure) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().interrupted(FailureText.of(failure));
		}
	}

	@Override
	public void onMessages(List<ReceivedMessage<byte[]>> messages) {
		consumer(messages.get(0)).onMessages(messages);
	}

	@Override
	public boolean onMalformed(MalformedEntryException malformed) {
		ReceivedMessage<byte[]> raw = malformed.raw();
		return raw != null && consumer(raw).onMalformed(malformed);
	}

	private GroupPartitionConsumer consumer(ReceivedMessage<?> message) {
		GroupPartition partition = new GroupPartition(message.stream(), message.partition());
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer == null) {
			throw new IllegalStateException(
					"Listener '" + this.context.id() + "' got a message of " + partition + ", which is not its own.");
		}
		return consumer;
	}

	CompletableFuture<Void> commit(GroupPartition partition, long offset) {
		return this.member.thenCompose((current) -> current.commit(partition, offset));
	}

	CompletableFuture<Void> seek(GroupPartition partition, StartPosition position) {
		return this.member.thenCompose((current) -> current.seek(partition, position));
	}

	/** Tells the member something, as soon as there is one. */
	void tell(Consumer<GroupConsumer> what) {
		this.member.thenAccept(what);
	}

	@Override
	public boolean isAssigned() {
		return this.joined;
	}

	@Override
	public Stream<GroupPartitionConsumer> readers() {
		return this.consumers.values().stream();
	}

	@Override
	public List<PartitionStatus> status() {
		if (this.joined) {
			return readers().map(GroupPartitionConsumer::status).toList();
		}
		String problem = this.error;
		PartitionState state = this.session.isStopping() ? PartitionState.STOPPED
				: (problem != null) ? PartitionState.WAITING : PartitionState.STARTING;
		return this.context.properties()
			.getStreams()
			.stream()
			.map((stream) -> new PartitionStatus(stream, PartitionStatus.UNKNOWN, PartitionStatus.UNKNOWN,
					PartitionStatus.UNKNOWN, PartitionStatus.UNKNOWN, state, problem, this.since))
			.toList();
	}

	/** Finishes, stores, then leaves, so that the next member begins behind it. */
	@Override
	public CompletableFuture<Void> stop() {
		Duration timeout = this.context.properties().getShutdownTimeout();
		Duration quarter = timeout.dividedBy(4);
		Duration leave = (quarter.compareTo(LONGEST_LEAVE) < 0) ? quarter : LONGEST_LEAVE;
		CompletableFuture<Void> finished = CompletableFuture
			.allOf(readers().map(GroupPartitionConsumer::stop).toArray(CompletableFuture[]::new));
		return finished.completeOnTimeout(null, timeout.minus(leave).toNanos(), TimeUnit.NANOSECONDS)
			.thenCompose((nothing) -> leave(leave));
	}

	private CompletableFuture<Void> leave(Duration timeout) {
		CompletableFuture<Void> left = new CompletableFuture<>();
		Runnable leave = () -> {
			// A member that is being made counts, too.
			this.lock.lock();
			try {
				GroupConsumer current = this.member.getNow(null);
				if (current != null) {
					current.close(timeout);
				}
			}
			finally {
				this.lock.unlock();
				left.complete(null);
			}
		};
		try {
			this.context.threads().control().execute(leave);
		}
		catch (RejectedExecutionException ex) {
			left.complete(null);
		}
		return left;
	}

	@Override
	public void abandon() {
		readers().forEach(GroupPartitionConsumer::abandon);
	}

}
