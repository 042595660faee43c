/**
 * Meters of the template and of listeners.
 */
@NullMarked
package io.liftbridge.spring.observation;

import org.jspecify.annotations.NullMarked;
