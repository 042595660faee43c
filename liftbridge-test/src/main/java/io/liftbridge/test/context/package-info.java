/**
 * An embedded broker for tests, with and without Spring.
 */
@NullMarked
package io.liftbridge.test.context;

import org.jspecify.annotations.NullMarked;
