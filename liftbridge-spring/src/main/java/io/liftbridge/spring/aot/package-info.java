/**
 * What must be known of listeners when an application is processed ahead of time.
 */
@NullMarked
package io.liftbridge.spring.aot;

import org.jspecify.annotations.NullMarked;
