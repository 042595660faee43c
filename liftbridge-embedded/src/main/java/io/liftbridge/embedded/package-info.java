/**
 * A complete Liftbridge broker inside this JVM, for first steps, demos and tests.
 * {@link io.liftbridge.embedded.EmbeddedBroker} is its door.
 */
@NullMarked
package io.liftbridge.embedded;

import org.jspecify.annotations.NullMarked;
