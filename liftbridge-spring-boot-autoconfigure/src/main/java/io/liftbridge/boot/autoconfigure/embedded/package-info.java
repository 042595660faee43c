/**
 * Auto-configuration of a broker inside the application's JVM.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure.embedded;

import org.jspecify.annotations.NullMarked;
