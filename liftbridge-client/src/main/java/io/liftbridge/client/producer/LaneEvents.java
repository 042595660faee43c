package io.liftbridge.client.producer;

import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Serial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one partition's messages, of which one is handled at a time. Safe for use
 * by many threads.
 */
final class LaneEvents {

	private static final Logger logger = LoggerFactory.getLogger(LaneEvents.class);

	private final Serial<Object> events;

	private final Consumer<Pending> messages;

	private final String stream;

	private final int partition;

	/**
	 * Creates it.
	 * @param messages takes the messages
	 */
	LaneEvents(Cluster cluster, String stream, int partition, Consumer<Pending> messages) {
		this.events = new Serial<>(this::handle, cluster.relief());
		this.messages = messages;
		this.stream = stream;
		this.partition = partition;
	}

	/** Messages come as they are, so that they cost nothing more. */
	void send(Pending pending) {
		this.events.post(pending);
	}

	/** Does something when nothing else is being done. */
	void post(Runnable event) {
		this.events.post(event);
	}

	private void handle(Object event) {
		try {
			if (event instanceof Pending pending) {
				this.messages.accept(pending);
			}
			else {
				((Runnable) event).run();
			}
		}
		catch (Throwable ex) {
			// Must not leave the lane half-way: the sweep finds what is left behind.
			logger.error("Stream '{}' partition {}: unexpected failure", this.stream, this.partition, ex);
		}
	}

}
