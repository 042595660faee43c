/**
 * Streams of typed events: what an event must look like, how it becomes bytes, which
 * partition it goes to, and how readers find all that again.
 */
@NullMarked
package io.liftbridge.client.topic;

import org.jspecify.annotations.NullMarked;
