package io.liftbridge.sample;

import org.jspecify.annotations.Nullable;

/**
 * A reading that has crossed its limit.
 *
 * @param metric what was measured
 * @param value how much
 * @param limit how much is allowed
 * @param unit in which unit, or {@code null} for a count
 */
record Alert(String metric, double value, double limit, @Nullable String unit) {
}
