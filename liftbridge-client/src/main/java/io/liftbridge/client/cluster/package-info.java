/**
 * Brokers and the connections to them: addresses, metadata, retries, and the translation
 * of what servers answer.
 */
@NullMarked
package io.liftbridge.client.cluster;

import org.jspecify.annotations.NullMarked;
