/**
 * Tests of what has to do with Liftbridge, with no more of the application than that.
 */
@NullMarked
package io.liftbridge.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
