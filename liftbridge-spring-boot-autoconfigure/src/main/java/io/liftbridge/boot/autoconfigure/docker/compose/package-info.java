/**
 * Brokers that Docker Compose has started.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.docker.compose;

import org.jspecify.annotations.NullMarked;
