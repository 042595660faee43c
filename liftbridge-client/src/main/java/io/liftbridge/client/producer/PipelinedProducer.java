package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a message goes through on the caller's thread before it is let into the pipeline:
 * checks and the choice of its partition; and the end of it all.
 */
final class PipelinedProducer implements Producer {

	private static final Logger logger = LoggerFactory.getLogger(PipelinedProducer.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final ProducerOptions options;

	private final Consumer<PipelinedProducer> onClose;

	private final @Nullable PublishingIds ids;

	private final String clientId;

	private final Meter meter;

	private final PartitionChoice partitions;

	private final Outgoing outgoing;

	private final Pipeline pipeline;

	private final EntrySends entries;

	private final AtomicBoolean closing = new AtomicBoolean();

	PipelinedProducer(Cluster cluster, ProducerOptions options, Codecs codecs, ProducerMetrics metrics,
			Consumer<PipelinedProducer> onClose) {
		options.compression().check(codecs, options.stream());
		this.meter = Meter.guarded(metrics, options.stream(), options.name(), this::inFlight);
		EntryEncoder encoder = options.compression().encoder(codecs, this.meter::entry);
		this.options = options;
		this.onClose = onClose;
		this.clientId = cluster.options().clientId();
		this.ids = options.exact().publishingIds() ? new PublishingIds(cluster, options) : null;
		this.partitions = new PartitionChoice(cluster, options, this.ids);
		this.outgoing = new Outgoing(cluster, options, encoder, this.ids);
		EntryPacker packer = new EntryPacker(cluster, options, this.outgoing, encoder, this.ids);
		this.pipeline = new Pipeline(cluster, options, this.partitions, this.ids,
				options.batching().hasEntries() ? packer : Packer::plain, this.meter);
		this.entries = new EntrySends(options, this.partitions, this.outgoing, packer, codecs, this.pipeline);
	}

	@Override
	public String stream() {
		return this.options.stream();
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public OptionalLong lastPublishingId() {
		PublishingIds known = known();
		this.partitions.await(asyncDeadline());
		return known.last();
	}

	@Override
	public OptionalLong lastPublishingId(int partition) {
		PublishingIds known = known();
		this.partitions.await(partition, asyncDeadline());
		return known.last(partition);
	}

	private PublishingIds known() {
		if (this.ids == null) {
			throw new InvalidRequestException("The producer for stream '" + stream()
					+ "' has no publishing ids. Build it with name(...) and publishingIds(true).", null);
		}
		this.pipeline.checkOpen();
		return this.ids;
	}

	@Override
	public CompletableFuture<Ack> send(Message message) {
		return start(message, this.options.enqueueTimeout().toNanos(), false);
	}

	@Override
	public void send(Message message, ConfirmationHandler handler) {
		confirm(message, handler, null);
	}

	@Override
	public void send(Message message, ConfirmationHandler handler, Executor executor) {
		Objects.requireNonNull(executor, "The executor of a confirmation handler is null; leave it out for none.");
		confirm(message, handler, executor);
	}

	private void confirm(Message message, ConfirmationHandler handler, @Nullable Executor executor) {
		// Before anything is sent whose fate nobody would be told.
		Objects.requireNonNull(handler, "The confirmation handler is null; call send(message) without one.");
		send(message).whenComplete(new Confirming(stream(), message, handler, executor));
	}

	private void checkPresent(@Nullable Message message) {
		if (message == null) {
			throw new InvalidRequestException("A message for stream '" + stream() + "' is null.", null);
		}
	}

	@Override
	public Optional<CompletableFuture<Ack>> trySend(Message message) {
		checkPresent(message);
		try {
			this.pipeline.checkOpen();
			boolean known = this.partitions.isKnown(message);
			Sending pending = this.outgoing.prepare(message,
					known ? choose(message, System.nanoTime()) : Message.ANY_PARTITION, false);
			boolean accepted = known ? this.pipeline.tryAdmit(pending) : this.pipeline.offer(pending);
			return accepted ? Optional.of(pending) : Optional.empty();
		}
		catch (LiftbridgeException ex) {
			throw this.meter.refused(1, ex);
		}
	}

	@Override
	public CompletableFuture<Ack> sendAsync(Message message) {
		checkPresent(message);
		try {
			return queue(message, false);
		}
		catch (LiftbridgeException ex) {
			CompletableFuture<Ack> refused = new CompletableFuture<>();
			this.pipeline.teller().refused(message, refused, ex);
			return refused;
		}
	}

	/** Counts a message that is refused before it gets here. */
	LiftbridgeException refused(LiftbridgeException why) {
		return this.meter.refused(1, why);
	}

	/**
	 * Sends as {@link #sendAsync} does, but throws what refuses the message.
	 * @param awaited whether the future is only waited for, and by somebody who tells
	 * failures
	 */
	CompletableFuture<Ack> queue(Message message, boolean awaited) {
		try {
			this.pipeline.checkOpen();
			boolean known = !this.pipeline.isBehind() && this.partitions.isKnown(message);
			Sending pending = this.outgoing.prepare(message,
					known ? choose(message, System.nanoTime()) : Message.ANY_PARTITION, awaited);
			this.pipeline.queue(pending);
			return pending;
		}
		catch (LiftbridgeException ex) {
			throw this.meter.refused(1, ex);
		}
	}

	@Override
	public BulkPublish<Message> publishBulk(Iterable<? extends Message> messages) {
		return bulk(BulkPull.of(messages));
	}

	@Override
	public BulkPublish<Message> publishBulk(Iterator<? extends Message> messages) {
		return bulk(BulkPull.of(messages));
	}

	@Override
	public BulkPublish<Message> publishBulk(Stream<? extends Message> messages) {
		return bulk(BulkPull.of(messages));
	}

	@Override
	public BulkPublish<Message> publishBulk(Flow.Publisher<? extends Message> messages) {
		return bulk(new BulkFeed<>(messages));
	}

	private BulkPublish<Message> bulk(BulkSource<Message> source) {
		BulkPublish<Message> bulk = new BulkPublish<>(source, (options) -> new ProducerTarget(this), this.clientId);
		return bulk.atMost(this.options.maxInFlight(), this.options.maxInFlightBytes());
	}

	private int choose(Message message, long deadline) {
		return this.partitions.choose(message, deadline);
	}

	private long asyncDeadline() {
		return System.nanoTime() + this.options.enqueueTimeout().toNanos();
	}

	@Override
	public List<CompletableFuture<Ack>> sendBatch(List<Message> messages) {
		checkList("batch", messages);
		long deadline = asyncDeadline();
		List<CompletableFuture<Ack>> futures = new ArrayList<>(messages.size());
		List<Sending> prepared = new ArrayList<>(messages.size());
		try {
			this.pipeline.checkOpen();
			for (Message message : messages) {
				prepared.add(this.outgoing.prepare(message, choose(message, deadline), false));
			}
		}
		catch (LiftbridgeException ex) {
			throw this.meter.refused(messages.size(), ex);
		}
		LiftbridgeException failure = null;
		for (Sending pending : prepared) {
			futures.add(pending);
			failure = (failure != null) ? failure : admitted(pending, deadline);
			if (failure != null) {
				this.pipeline.teller().refused(pending, failure);
			}
		}
		// The list is the batch: it waits for nothing.
		prepared.forEach(Sending::want);
		return futures;
	}

	@Override
	public CompletableFuture<List<Ack>> sendBatchEntry(List<Message> records, Compression compression) {
		checkList("batch entry", records);
		Objects.requireNonNull(compression, "The compression of a batch entry is null; use Compression.NONE for none.");
		try {
			this.pipeline.checkOpen();
			return this.entries.send(records, compression, asyncDeadline());
		}
		catch (LiftbridgeException ex) {
			throw this.meter.refused(records.size(), ex);
		}
	}

	private void checkList(String what, @Nullable List<Message> messages) {
		if (messages == null || messages.isEmpty()) {
			throw new InvalidRequestException("A " + what + " for stream '" + stream() + "' "
					+ ((messages != null) ? "has no messages; it must have 1 or more." : "is null."), null);
		}
		// Not contains(null), which some lists refuse.
		int index = 0;
		for (@Nullable
		Message message : messages) {
			if (message == null) {
				throw new InvalidRequestException(
						"Message " + index + " of a " + what + " for stream '" + stream() + "' is null.", null);
			}
			index++;
		}
	}

	private @Nullable LiftbridgeException admitted(Sending pending, long deadline) {
		try {
			this.pipeline.admit(pending, deadline);
			return null;
		}
		catch (LiftbridgeException ex) {
			return ex;
		}
	}

	@Override
	public Ack sendAndWait(Message message, Duration timeout) {
		long nanos = Bounds.waitNanos("sendAndWait to stream", stream(), timeout);
		long deadline = System.nanoTime() + nanos;
		Sending pending = start(message, Math.min(nanos, this.options.enqueueTimeout().toNanos()), true);
		try {
			return pending.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for the acknowledgement from stream '" + stream()
					+ "'. The message may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (TimeoutException ex) {
			throw new AckTimeoutException(
					"No acknowledgement from stream '" + stream() + "' partition " + pending.partition + " within "
							+ Bounds.text(timeout) + ". The message may be stored all the same.",
					ex, Outcome.INDETERMINATE);
		}
	}

	private Sending start(Message message, long timeoutNanos, boolean awaited) {
		checkPresent(message);
		try {
			long deadline = System.nanoTime() + timeoutNanos;
			this.pipeline.checkOpen();
			Sending pending = this.outgoing.prepare(message, choose(message, deadline), awaited);
			this.pipeline.admit(pending, deadline);
			return pending;
		}
		catch (LiftbridgeException ex) {
			throw this.meter.refused(1, ex);
		}
	}

	@Override
	public int inFlight() {
		// Metrics may ask as soon as they know of the producer, before there is one.
		@Nullable Pipeline present = this.pipeline;
		return (present != null) ? present.inFlight() : 0;
	}

	@Override
	public void flush() {
		if (!flush(this.options.ackTimeout().plusSeconds(1)) && Thread.currentThread().isInterrupted()) {
			throw new LiftbridgeException("Interrupted while waiting for the outcome of messages to stream '" + stream()
					+ "'. They may be stored all the same.", null, Outcome.INDETERMINATE);
		}
	}

	@Override
	public boolean flush(Duration timeout) {
		// That thread itself cannot wait for what it has to tell.
		CompletableFuture<Void> told = this.pipeline.teller().isOwnThread() ? this.pipeline.decided() : flushAsync();
		try {
			told.get(Bounds.nanos(timeout), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		// Behind the outcomes that were handed to the completion thread before.
		return this.pipeline.decided().thenRunAsync(() -> {
		}, this.pipeline.teller()::execute);
	}

	void checkOpen() {
		this.pipeline.checkOpen();
	}

	void refuse() {
		this.pipeline.refuse();
	}

	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	@Override
	public void close(Duration timeout) {
		this.pipeline.refuse();
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		flush(timeout);
		CompletableFuture<Void> ended = this.pipeline.fail();
		try {
			ended.get(Math.max(TimeUnit.MILLISECONDS.toNanos(100), deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("A broker did not end its call in time", ex);
		}
		// After all that is told.
		this.pipeline.teller().execute(this.meter::closed);
		this.pipeline.shutdown();
		this.onClose.accept(this);
	}

}
