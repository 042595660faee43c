package io.liftbridge.client.producer;

import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Counts what producers do. Set for all producers of a client, or for one.
 */
@FunctionalInterface
public interface ProducerMetrics {

	/**
	 * Counts nothing and costs nothing.
	 */
	ProducerMetrics NONE = (stream, name, inFlight) -> ProducerRecorder.NONE;

	/**
	 * A producer was built. Producers may share stream and name.
	 * @param stream the stream it publishes to
	 * @param name its name, empty if it has none
	 * @param inFlight tells how many of its messages have no outcome; may be asked at any
	 * time by any thread
	 * @return is told what it does, until it is closed
	 */
	ProducerRecorder open(String stream, String name, IntSupplier inFlight);

	/**
	 * Several as one. One that fails does not silence the others.
	 * @param all any number
	 * @return the one
	 */
	static ProducerMetrics all(Collection<? extends ProducerMetrics> all) {
		List<ProducerMetrics> several = List.copyOf(all);
		return switch (several.size()) {
			case 0 -> NONE;
			case 1 -> several.get(0);
			default -> (stream, name, inFlight) -> new SeveralRecorders(
					several.stream().map((each) -> Meter.guarded(each, stream, name, inFlight)).toList());
		};
	}

}
