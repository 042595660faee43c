package io.liftbridge.test.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Skips a scenario, or all of a family, on a cluster.
 */
@Inherited
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@interface SingleBrokerOnly {

	/**
	 * Why it says nothing about a cluster, for the table of results.
	 */
	String value();

}
