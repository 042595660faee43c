/**
 * Application events of listener containers.
 */
@NullMarked
package io.liftbridge.spring.event;

import org.jspecify.annotations.NullMarked;
