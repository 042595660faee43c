package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.Codecs;

/**
 * The producers of a client. For use inside the client.
 */
public final class Producers {

	private final Cluster cluster;

	private final Codecs codecs;

	private final ProducerMetrics metrics;

	private final Set<PipelinedProducer> open = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param codecs compress
	 * @param metrics count what producers do that have no metrics of their own
	 */
	public Producers(Cluster cluster, Codecs codecs, ProducerMetrics metrics) {
		this.cluster = cluster;
		this.codecs = codecs;
		this.metrics = metrics;
	}

	/**
	 * Creates a producer.
	 * @param options what it was told
	 * @return the producer
	 */
	public Producer create(ProducerOptions options) {
		return pipelined(options);
	}

	private void checkOpen() {
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
	}

	private PipelinedProducer pipelined(ProducerOptions options) {
		checkOpen();
		ProducerMetrics own = options.metrics();
		PipelinedProducer producer = new PipelinedProducer(this.cluster, options, this.codecs,
				(own != null) ? own : this.metrics, this.open::remove);
		this.open.add(producer);
		return producer;
	}

	/**
	 * Publishes in bulk.
	 * @param requests what, and where to
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> bulk(Iterable<? extends BulkRequest> requests) {
		return bulk(BulkPull.of(requests));
	}

	/**
	 * Publishes in bulk.
	 * @param requests what, and where to
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> bulk(Iterator<? extends BulkRequest> requests) {
		return bulk(BulkPull.of(requests));
	}

	/**
	 * Publishes in bulk.
	 * @param requests what, and where to
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> bulk(Stream<? extends BulkRequest> requests) {
		return bulk(BulkPull.of(requests));
	}

	/**
	 * Publishes in bulk.
	 * @param requests what, and where to
	 * @return options and results
	 */
	public BulkPublish<BulkRequest> bulk(Flow.Publisher<? extends BulkRequest> requests) {
		return bulk(new BulkFeed<>(requests));
	}

	private BulkPublish<BulkRequest> bulk(BulkSource<BulkRequest> source) {
		String clientId = this.cluster.options().clientId();
		return new BulkPublish<>(source,
				(options) -> new StreamsTarget((stream) -> pipelined(options.producer(stream, this::create)),
						this::checkOpen, clientId + "-bulk-close"),
				clientId);
	}

	/**
	 * Closes all producers.
	 * @param timeout how long to wait for messages on their way, all producers together
	 */
	public void close(Duration timeout) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		// First all refuse new messages, so that waiting for one drains the others, too.
		this.open.forEach(PipelinedProducer::refuse);
		for (PipelinedProducer producer : this.open) {
			producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
	}

}
