/**
 * The way in: from a partition to a handler.
 */
@NullMarked
package io.liftbridge.client.consumer;

import org.jspecify.annotations.NullMarked;
