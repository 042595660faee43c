/**
 * A scripted cluster for the client's tests.
 */
package io.liftbridge.client.fake;
