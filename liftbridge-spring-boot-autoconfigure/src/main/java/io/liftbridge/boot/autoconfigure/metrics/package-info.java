/**
 * Meters of producers, listeners and brokers.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
