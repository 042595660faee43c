/**
 * Streams, their partitions, and the subjects messages arrive on.
 */
@NullMarked
package io.liftbridge.embedded.stream;

import org.jspecify.annotations.NullMarked;
