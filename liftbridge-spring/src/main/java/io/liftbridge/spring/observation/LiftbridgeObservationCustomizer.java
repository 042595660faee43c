package io.liftbridge.spring.observation;

import io.micrometer.observation.Observation;

/**
 * May add to an observation before it begins, without a convention of its own. Must be
 * safe for use by many threads and must not block.
 */
@FunctionalInterface
public interface LiftbridgeObservationCustomizer {

	/**
	 * Adds to an observation.
	 * @param context a {@link LiftbridgeSenderContext} or a
	 * {@link LiftbridgeReceiverContext}, to which key values may be added: the same keys
	 * of low cardinality each time, or meters have different tags
	 */
	void customize(Observation.Context context);

}
