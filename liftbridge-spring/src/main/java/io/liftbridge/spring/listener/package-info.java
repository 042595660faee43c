/**
 * Listener containers: their lifecycle, their state, and the registry of them.
 */
@NullMarked
package io.liftbridge.spring.listener;

import org.jspecify.annotations.NullMarked;
