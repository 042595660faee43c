package io.liftbridge.sample;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/**
 * A measured value. Who measured when is told by the message that carries it.
 *
 * @param metric what was measured
 * @param value how much
 * @param unit in which unit, or {@code null} for a count
 */
record Reading(@NotBlank String metric, double value, @Nullable String unit) {

	Reading {
		if (!Double.isFinite(value)) {
			throw new IllegalArgumentException("value must be a finite number");
		}
	}

}
