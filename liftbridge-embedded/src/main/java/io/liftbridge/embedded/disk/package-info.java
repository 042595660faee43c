/**
 * What the broker keeps in a directory, and brings back when it is started again. For
 * development: nothing is forced to the disk message by message.
 */
@NullMarked
package io.liftbridge.embedded.disk;

import org.jspecify.annotations.NullMarked;
