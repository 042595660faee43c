/**
 * Test support for applications that use Liftbridge: brokers to test against.
 */
@NullMarked
package io.liftbridge.test;

import org.jspecify.annotations.NullMarked;
