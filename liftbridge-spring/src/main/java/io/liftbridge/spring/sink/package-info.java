/**
 * Writing what streams hold in bulk, above all to databases, with
 * {@link io.liftbridge.spring.sink.BulkSink} and
 * {@link io.liftbridge.spring.sink.JdbcBulkSink}.
 */
@NullMarked
package io.liftbridge.spring.sink;

import org.jspecify.annotations.NullMarked;
