package io.liftbridge.test.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives a family of scenarios a broker of its own, because they restart it or need it
 * configured differently.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
// One of them at a time, as a cluster is three processes.
@ResourceLock("own broker")
@interface OwnBroker {

	/**
	 * Partitions of the stream of cursors, 0 for no cursors.
	 */
	int cursorPartitions() default BrokerUnderTest.CURSOR_PARTITIONS;

	/**
	 * Whether the broker tells what happens.
	 */
	boolean activityStream() default false;

}
