/**
 * Consumer groups: who is a member, and who reads which partition.
 */
@NullMarked
package io.liftbridge.embedded.group;

import org.jspecify.annotations.NullMarked;
