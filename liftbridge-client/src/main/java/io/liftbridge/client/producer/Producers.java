package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.Codecs;

/**
 * The producers of a client. For use inside the client.
 */
public final class Producers {

	private final Cluster cluster;

	private final Codecs codecs;

	private final Set<PipelinedProducer> open = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param codecs compress
	 */
	public Producers(Cluster cluster, Codecs codecs) {
		this.cluster = cluster;
		this.codecs = codecs;
	}

	/**
	 * Creates a producer.
	 * @param options what it was told
	 * @return the producer
	 */
	public Producer create(ProducerOptions options) {
		if (this.cluster.isClosed()) {
			throw this.cluster.closedFailure();
		}
		PipelinedProducer producer = new PipelinedProducer(this.cluster, options, this.codecs, this.open::remove);
		this.open.add(producer);
		return producer;
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
