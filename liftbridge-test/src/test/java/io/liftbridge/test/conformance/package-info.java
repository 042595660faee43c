/**
 * One suite that knows only "a broker at host:port", run on every kind of broker with the
 * same expectations.
 */
package io.liftbridge.test.conformance;
