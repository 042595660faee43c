/**
 * Measures the client end to end, in the terms of its peers.
 */
@NullMarked
package io.liftbridge.benchmarks;

import org.jspecify.annotations.NullMarked;
