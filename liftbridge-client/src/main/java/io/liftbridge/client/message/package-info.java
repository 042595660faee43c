/**
 * What travels: messages on their way out and in, their headers, acknowledgements, and
 * the exceptions of the client.
 */
@NullMarked
package io.liftbridge.client.message;

import org.jspecify.annotations.NullMarked;
