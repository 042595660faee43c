package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupConsumerBuilder;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a member of a consumer group: joins it, until it succeeds, and leaves it.
 */
final class GroupAssignment implements PartitionSource {

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

	private final GroupPartitions partitions;

	private volatile CompletableFuture<GroupConsumer> member = new CompletableFuture<>();

	private volatile boolean joined;

	private volatile @Nullable String error;

	GroupAssignment(ContainerContext context, ContainerSession session) {
		this.context = context;
		this.session = session;
		this.group = Objects.requireNonNull(context.properties().getGroup());
		this.retryStreams = context.retryStreams(context.properties().getStreams());
		this.pauses = new RecoveryPause(context.properties().getMaxRecoveryPause());
		this.partitions = new GroupPartitions(context, session, this);
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
			.batchHandler(this.session.batchSize(), this.partitions)
			.listener(this.partitions);
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
		Throwable failure = FailureText.causeOf(problem);
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
		this.partitions.left();
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

	/** What has failed comes back in it. */
	boolean isRetryStream(GroupPartition partition) {
		return this.retryStreams.contains(partition.stream());
	}

	boolean holds(GroupPartition partition) {
		GroupConsumer current = this.member.getNow(null);
		return current == null || current.holds(partition);
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
	public @Nullable GroupMember groupMember() {
		GroupConsumer current = this.member.getNow(null);
		return (current != null) ? current.member() : null;
	}

	/** Who has none waits for none. */
	@Override
	public boolean isAssigned() {
		return this.joined && this.partitions.haveBegun();
	}

	@Override
	public Stream<GroupPartitionConsumer> readers() {
		return this.partitions.consumers();
	}

	@Override
	public List<PartitionStatus> status() {
		if (this.joined) {
			return this.partitions.status();
		}
		String problem = this.error;
		boolean stopping = this.session.isStopping();
		return this.context.properties()
			.getStreams()
			.stream()
			.map((stream) -> PartitionStatus.unread(stream, PartitionStatus.UNKNOWN, stopping, problem, this.since))
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
