/**
 * The door to Liftbridge: {@link io.liftbridge.client.LiftbridgeClient} and its builder.
 */
@NullMarked
package io.liftbridge.client;

import org.jspecify.annotations.NullMarked;
