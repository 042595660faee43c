/**
 * The log of one partition: append, read, retention and compaction. Knows nothing of
 * streams or of the network.
 */
@NullMarked
package io.liftbridge.embedded.log;

import org.jspecify.annotations.NullMarked;
