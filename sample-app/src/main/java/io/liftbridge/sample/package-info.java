/**
 * What an application on Liftbridge looks like: this machine's readings travel through a
 * stream to listeners that draw, store and judge them.
 */
@NullMarked
package io.liftbridge.sample;

import org.jspecify.annotations.NullMarked;
