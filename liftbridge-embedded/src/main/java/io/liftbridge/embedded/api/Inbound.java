package io.liftbridge.embedded.api;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, or what is wrong with it. Lets a call answer an unreadable
 * request itself, with the status a real broker has for it.
 *
 * @param <Q> kind of request
 * @param message the request, {@code null} if it cannot be read
 * @param failure why it cannot be read, {@code null} if it can
 */
record Inbound<Q>(@Nullable Q message, @Nullable Status failure) {

}
