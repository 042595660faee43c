/**
 * Cursors, kept in the reserved stream {@code __cursors} as a real broker does.
 */
@NullMarked
package io.liftbridge.embedded.cursor;

import org.jspecify.annotations.NullMarked;
