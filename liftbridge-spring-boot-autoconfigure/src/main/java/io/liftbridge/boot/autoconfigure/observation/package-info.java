/**
 * Observations of the template and of listeners.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
