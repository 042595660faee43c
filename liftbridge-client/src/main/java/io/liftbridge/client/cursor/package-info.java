/**
 * Positions that readers store on the server.
 */
@NullMarked
package io.liftbridge.client.cursor;

import org.jspecify.annotations.NullMarked;
