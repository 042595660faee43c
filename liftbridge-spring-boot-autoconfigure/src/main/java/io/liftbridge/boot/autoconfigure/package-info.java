/**
 * Auto-configuration of a Liftbridge client, its template, administration and listeners.
 */
@NullMarked
package io.liftbridge.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
