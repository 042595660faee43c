/**
 * Converters between payloads and bytes, the mapping of headers, and what listener
 * methods receive besides the payload.
 */
@NullMarked
package io.liftbridge.spring.support;

import org.jspecify.annotations.NullMarked;
