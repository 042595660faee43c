package io.liftbridge.client.producer;

import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.client.message.UnroutableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Messages that the partitioner has no partition for: nothing is sent, but it is told as
 * any outcome.
 */
final class Drops {

	private static final Logger logger = LoggerFactory.getLogger(Drops.class);

	private final String stream;

	private final AtomicBoolean dropping = new AtomicBoolean();

	Drops(String stream) {
		this.stream = stream;
	}

	Sending drop(Sending sending) {
		// All of them would tell the same, at the rate of messages.
		logger.atLevel(this.dropping.getAndSet(true) ? Level.DEBUG : Level.INFO)
			.log("Stream '{}': the partitioner has no partition for {}, which is dropped; such messages are logged at"
					+ " DEBUG from now on", this.stream, sending.message);
		return sending.resolve(new UnroutableException(sending.message + " for stream '" + this.stream
				+ "' was dropped: the partitioner has no partition for it.", null));
	}

}
