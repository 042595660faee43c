package io.liftbridge.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names observations of sends and what they tell. Must be safe for use by many threads.
 */
public interface LiftbridgeTemplateObservationConvention extends ObservationConvention<LiftbridgeSenderContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof LiftbridgeSenderContext;
	}

	@Override
	default String getName() {
		return "liftbridge.template";
	}

}
