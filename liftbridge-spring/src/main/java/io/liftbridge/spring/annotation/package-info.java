/**
 * {@code @LiftbridgeListener} and what turns it into listener containers.
 */
@NullMarked
package io.liftbridge.spring.annotation;

import org.jspecify.annotations.NullMarked;
