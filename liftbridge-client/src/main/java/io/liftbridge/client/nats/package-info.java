/**
 * The envelope in which Liftbridge messages travel over NATS, and publishing by NATS.
 * {@link io.liftbridge.client.nats.NatsPublisher} needs {@code io.nats:jnats} on the
 * class path, nothing else does.
 */
@NullMarked
package io.liftbridge.client.nats;

import org.jspecify.annotations.NullMarked;
