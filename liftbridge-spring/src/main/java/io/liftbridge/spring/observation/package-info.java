/**
 * Meters and observations of the template and of listeners, with Micrometer.
 */
@NullMarked
package io.liftbridge.spring.observation;

import org.jspecify.annotations.NullMarked;
