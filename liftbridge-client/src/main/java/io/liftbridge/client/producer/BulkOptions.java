package io.liftbridge.client.producer;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a bulk was told.
 *
 * @param awaitAcks whether acknowledgements are waited for after the last request
 * @param maxInFlight requests whose result was not read
 * @param maxInFlightBytes their bytes
 * @param producers sets up the producers of the streams
 */
record BulkOptions(boolean awaitAcks, int maxInFlight, long maxInFlightBytes, Consumer<ProducerBuilder> producers) {

	/** Stands for whatever streams there will be. */
	private static final String ANY_STREAM = "any";

	static final BulkOptions DEFAULT = new BulkOptions(true, 10_000, 64L << 20, (builder) -> {
	});

	/** The options of the producer for a stream. */
	ProducerOptions producer(String stream, Function<ProducerOptions, Producer> factory) {
		ProducerBuilder builder = new ProducerBuilder(stream, factory);
		this.producers.accept(builder);
		// Last, as what the producer has no room for is refused instead of left in the
		// source.
		return builder.maxInFlight(this.maxInFlight).maxInFlightBytes(Long.MAX_VALUE).options();
	}

	/** Refuses what no producer can have. */
	void checkProducers() {
		producer(ANY_STREAM, (options) -> {
			throw new IllegalStateException("The producers of a bulk are built by it; leave build() out.");
		});
	}

}
