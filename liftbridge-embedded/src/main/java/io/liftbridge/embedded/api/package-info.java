/**
 * The gRPC interface: one class per family of calls, with the status codes and texts of a
 * real broker.
 */
@NullMarked
package io.liftbridge.embedded.api;

import org.jspecify.annotations.NullMarked;
