/**
 * Sending and reading with {@code LiftbridgeTemplate}, creating streams with
 * {@code LiftbridgeAdmin}.
 */
@NullMarked
package io.liftbridge.spring.core;

import org.jspecify.annotations.NullMarked;
