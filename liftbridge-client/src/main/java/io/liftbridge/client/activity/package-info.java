/**
 * What happens to streams and consumer groups, as the server reports it.
 */
@NullMarked
package io.liftbridge.client.activity;

import org.jspecify.annotations.NullMarked;
