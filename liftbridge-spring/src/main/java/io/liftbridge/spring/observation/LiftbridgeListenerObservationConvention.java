package io.liftbridge.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names observations of listeners and what they tell: the same keys for those that take
 * single messages and for those that take lists, as some registries of meters refuse
 * anything else. Must be safe for use by many threads.
 */
public interface LiftbridgeListenerObservationConvention extends ObservationConvention<LiftbridgeReceiverContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof LiftbridgeReceiverContext;
	}

	@Override
	default String getName() {
		return "liftbridge.listener";
	}

}
