/**
 * Brokers that Testcontainers has started.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
