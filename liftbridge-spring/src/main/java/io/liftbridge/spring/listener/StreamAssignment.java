package io.liftbridge.spring.listener;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.listener.delivery.RecoveryPause;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which partitions of a stream a listener reads, once the stream is there.
 */
final class StreamAssignment implements PartitionSource {

	private static final Logger logger = LoggerFactory.getLogger(StreamAssignment.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final String stream;

	/** It may be missing, and nobody else creates it. */
	private final boolean retryStream;

	private final RecoveryPause pauses;

	private final Instant since = Instant.now();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean dropped;

	private volatile List<PartitionConsumer> consumers = List.of();

	private volatile @Nullable String error;

	StreamAssignment(ContainerContext context, ContainerSession session, String stream, boolean retryStream) {
		this.context = retryStream ? context.forRetries() : context;
		this.session = session;
		this.stream = stream;
		this.retryStream = retryStream;
		this.pauses = new RecoveryPause(context.properties().getMaxRecoveryPause());
	}

	@Override
	public void begin() {
		PartitionSelection selection = this.context.properties().getPartitions();
		if (!selection.isAll() && !this.retryStream) {
			assign(selection.numbers(0));
			return;
		}
		this.context.threads().control().execute(this::discover);
	}

	private void discover() {
		if (this.session.isStopping() || this.dropped) {
			return;
		}
		try {
			LiftbridgeClient client = this.context.client();
			if (this.retryStream) {
				this.context.errorHandler().prepareRetryStream(this.stream);
			}
			int count = client.streams().describe(this.stream).partitions().size();
			assign(this.context.properties().getPartitions().numbers(count));
			if (this.error != null) {
				this.error = null;
				logger.info("Listener '{}' has found stream '{}'", this.context.id(), this.stream);
			}
		}
		catch (InvalidRequestException | Error ex) {
			this.session.fail(ex);
		}
		catch (RuntimeException ex) {
			if (this.error == null && !this.session.isStopping()) {
				logger.warn("Listener '{}' cannot read stream '{}' yet, trying again: {}", this.context.id(),
						this.stream, ex.toString());
			}
			this.error = ex.toString();
			this.session.startupFailed(ex);
			if (!this.session.isStopping()) {
				this.context.threads()
					.timer()
					.schedule(() -> this.context.threads().control().execute(this::discover),
							this.pauses.next().toNanos(), TimeUnit.NANOSECONDS);
			}
		}
	}

	private void assign(List<Integer> partitions) {
		List<PartitionConsumer> added;
		this.lock.lock();
		try {
			if (this.session.isStopping() || this.dropped) {
				// While brokers were asked: nobody would hear of the end of these.
				return;
			}
			logger.info("Listener '{}' reads stream '{}' partitions {}", this.context.id(), this.stream, partitions);
			added = this.session.add(this.context, this.stream, partitions);
			this.consumers = added;
		}
		finally {
			this.lock.unlock();
		}
		tell(partitions);
		added.forEach(PartitionConsumer::open);
	}

	private void tell(List<Integer> partitions) {
		this.context.publish(
				new ListenerPartitionsAssignedEvent(this.session.source(), this.context.id(), this.stream, partitions));
	}

	/**
	 * Reads what the stream has more of since it was created anew, from its beginning.
	 */
	@Override
	public void recreated(String name) {
		if (!name.equals(this.stream) || !this.context.properties().getPartitions().isAll()) {
			return;
		}
		int count = this.context.client().streams().describe(this.stream).partitions().size();
		List<PartitionConsumer> added;
		this.lock.lock();
		try {
			List<PartitionConsumer> present = this.consumers;
			if (count <= present.size() || this.session.isStopping() || this.dropped) {
				return;
			}
			List<Integer> partitions = IntStream.range(present.size(), count).boxed().toList();
			logger.info("Listener '{}' reads stream '{}' partitions {}, too", this.context.id(), this.stream,
					partitions);
			added = this.session.add(this.context, this.stream, partitions);
			tell(partitions);
			this.consumers = Stream.concat(present.stream(), added.stream()).toList();
		}
		finally {
			this.lock.unlock();
		}
		added.forEach((consumer) -> consumer.beginAnew().open());
	}

	@Override
	public boolean isAssigned() {
		return !this.consumers.isEmpty();
	}

	@Override
	public Stream<PartitionConsumer> readers() {
		return this.consumers.stream();
	}

	@Override
	public CompletableFuture<Void> stop() {
		return CompletableFuture
			.allOf(this.consumers.stream().map(PartitionConsumer::stop).toArray(CompletableFuture[]::new));
	}

	/** The stream is gone, while the container goes on. */
	void drop() {
		this.lock.lock();
		try {
			this.dropped = true;
		}
		finally {
			this.lock.unlock();
		}
		this.session.forget(this.consumers);
		stop().orTimeout(this.context.properties().getShutdownTimeout().toNanos(), TimeUnit.NANOSECONDS)
			.whenComplete((nothing, late) -> abandon());
	}

	@Override
	public void abandon() {
		this.consumers.forEach(PartitionConsumer::abandon);
	}

	@Override
	public List<PartitionStatus> status() {
		List<PartitionConsumer> known = this.consumers;
		return known.isEmpty() ? List.of(unknown()) : known.stream().map(PartitionConsumer::status).toList();
	}

	/** What is shown as long as the partitions are not known. */
	private PartitionStatus unknown() {
		return PartitionStatus.unread(this.stream, PartitionStatus.UNKNOWN, this.session.isStopping(), this.error,
				this.since);
	}

}
