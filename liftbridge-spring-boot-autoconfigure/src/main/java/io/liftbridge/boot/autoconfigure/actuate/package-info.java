/**
 * The actuator endpoint {@code liftbridge}.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
