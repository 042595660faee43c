/**
 * The health of brokers and listeners.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
