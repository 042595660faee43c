package io.liftbridge.boot.autoconfigure.actuate;

/**
 * What became of a request.
 *
 * @param outcome {@code done}, or {@code begun} if it goes on in the background
 * @param listener the listener right after it
 */
public record ActionDescriptor(String outcome, ListenerDescriptor listener) {
}
