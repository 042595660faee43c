package io.liftbridge.test.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Skips a scenario on a cluster.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface SingleBrokerOnly {

	/**
	 * Why it says nothing about a cluster, for the table of results.
	 */
	String value();

}
