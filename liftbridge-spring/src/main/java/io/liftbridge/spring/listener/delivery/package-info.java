/**
 * The way of one partition from its subscription to the listener: convert, invoke,
 * acknowledge, recover.
 */
@NullMarked
package io.liftbridge.spring.listener.delivery;

import org.jspecify.annotations.NullMarked;
