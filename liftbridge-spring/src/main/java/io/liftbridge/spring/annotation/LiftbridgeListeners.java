package io.liftbridge.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Several {@link LiftbridgeListener}s on one method or class. Each is a listener of its
 * own.
 */
@Target({ ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface LiftbridgeListeners {

	/**
	 * The listeners.
	 * @return the listeners
	 */
	LiftbridgeListener[] value();

}
