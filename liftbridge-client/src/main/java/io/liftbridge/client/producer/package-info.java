/**
 * The way out: from a message to its acknowledgement.
 */
@NullMarked
package io.liftbridge.client.producer;

import org.jspecify.annotations.NullMarked;
