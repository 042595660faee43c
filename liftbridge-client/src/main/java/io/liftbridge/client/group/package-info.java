/**
 * Consumer groups: members that share the partitions of streams.
 */
@NullMarked
package io.liftbridge.client.group;

import org.jspecify.annotations.NullMarked;
