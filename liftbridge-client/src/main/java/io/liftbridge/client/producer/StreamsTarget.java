package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * A producer for each stream that a bulk names, closed with it.
 */
final class StreamsTarget implements BulkTarget<BulkRequest> {

	/** With so many those go of which nothing is on its way. */
	private static final int MANY = 256;

	private final Function<String, PipelinedProducer> factory;

	private final Runnable checkOpen;

	private final String threadName;

	private final ConcurrentMap<String, Outlet> outlets = new ConcurrentHashMap<>();

	private volatile boolean closed;

	StreamsTarget(Function<String, PipelinedProducer> factory, Runnable checkOpen, String threadName) {
		this.factory = factory;
		this.checkOpen = checkOpen;
		this.threadName = threadName;
	}

	@Override
	public Message message(BulkRequest request) {
		@Nullable Message message = request.message();
		if (message == null) {
			throw new InvalidRequestException(
					"A request of a bulk has no message; its stream is '" + request.stream() + "'.", null);
		}
		return message;
	}

	@Override
	public BulkOutlet outlet(BulkRequest request) {
		@Nullable String stream = request.stream();
		if (stream == null) {
			throw new InvalidRequestException("A request of a bulk has no stream; it has " + request.message() + ".",
					null);
		}
		Outlet known = this.outlets.get(stream);
		return (known != null) ? known : create(stream);
	}

	private BulkOutlet create(String stream) {
		if (this.outlets.size() >= MANY) {
			closeLater(Outlet::isIdle);
		}
		Outlet created = new Outlet(this.factory.apply(stream));
		this.outlets.put(stream, created);
		if (this.closed) {
			close();
		}
		return created;
	}

	@Override
	public void checkOpen() {
		this.checkOpen.run();
	}

	@Override
	public void close() {
		this.closed = true;
		closeLater((outlet) -> true);
	}

	/** Whoever reads results does not wait for connections to end. */
	private void closeLater(Predicate<Outlet> which) {
		List<PipelinedProducer> producers = new ArrayList<>();
		this.outlets.values().removeIf((outlet) -> which.test(outlet) && producers.add(outlet.producer));
		if (producers.isEmpty()) {
			return;
		}
		Thread thread = new Thread(() -> {
			// First, as a client that is closed meanwhile waits for what is on its way,
			// but not for somebody else who closes.
			producers.forEach(PipelinedProducer::flush);
			producers.forEach(PipelinedProducer::close);
		}, this.threadName);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * One stream's producer. Believes for a while that the stream does not exist:
	 * otherwise each request would ask all brokers for itself.
	 */
	private static final class Outlet implements BulkOutlet {

		private static final long BELIEVED_NANOS = Duration.ofSeconds(1).toNanos();

		private final PipelinedProducer producer;

		/** How many have no result that was read. */
		private final AtomicInteger open = new AtomicInteger();

		private volatile @Nullable StreamNotFoundException missing;

		private volatile long missingNanos;

		Outlet(PipelinedProducer producer) {
			this.producer = producer;
		}

		boolean isIdle() {
			return this.open.get() == 0;
		}

		@Override
		public CompletableFuture<Ack> send(Message message) {
			this.open.incrementAndGet();
			StreamNotFoundException absent = this.missing;
			if (absent != null && isBelieved()) {
				throw this.producer.refused(absent);
			}
			return this.producer.queue(message, true);
		}

		private boolean isBelieved() {
			return System.nanoTime() - this.missingNanos < BELIEVED_NANOS;
		}

		@Override
		public void taken(@Nullable LiftbridgeException failure) {
			this.open.decrementAndGet();
			StreamNotFoundException before = this.missing;
			if (!(failure instanceof StreamNotFoundException absent)) {
				if (before != null) {
					this.missing = null;
				}
			}
			else if (before == null || (before != absent && !isBelieved())) {
				// Not for a failure that was only repeated, or it would last for ever.
				this.missingNanos = System.nanoTime();
				this.missing = absent;
			}
		}

	}

}
