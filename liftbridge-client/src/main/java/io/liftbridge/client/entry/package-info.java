/**
 * What one Liftbridge message carries: a plain value, a compressed value, or a batch of
 * records; and the codecs for them.
 */
@NullMarked
package io.liftbridge.client.entry;

import org.jspecify.annotations.NullMarked;
