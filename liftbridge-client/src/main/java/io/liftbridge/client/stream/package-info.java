/**
 * Streams and partitions: what they are to be like, how they are, and their
 * administration.
 */
@NullMarked
package io.liftbridge.client.stream;

import org.jspecify.annotations.NullMarked;
