package io.liftbridge.client.producer;

import java.util.function.Consumer;

/**
 * What a bulk was told.
 *
 * @param awaitAcks whether acknowledgements are waited for after the last request
 * @param maxInFlight requests whose result was not read
 * @param maxInFlightBytes their bytes
 * @param producers sets up the producers of the streams
 */
record BulkOptions(boolean awaitAcks, int maxInFlight, long maxInFlightBytes, Consumer<ProducerBuilder> producers) {

	static final BulkOptions DEFAULT = new BulkOptions(true, 10_000, 64L << 20, (builder) -> {
	});

}
