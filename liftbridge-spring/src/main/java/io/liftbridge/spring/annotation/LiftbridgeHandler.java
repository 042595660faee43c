package io.liftbridge.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.liftbridge.spring.aot.ListenerReflectiveProcessor;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method receive those messages of a class with {@link LiftbridgeListener} whose
 * payload is of the method's type. Which type a message has is told, in this order, by
 * <ol>
 * <li>its header {@code payload-type}
 * ({@link io.liftbridge.spring.support.LiftbridgeHeaders#PAYLOAD_TYPE}): the simple or
 * the full name of the class, or what {@link #payloadType()} says. No class is loaded
 * because a message names it.</li>
 * <li>its media type: {@code text/...} goes to the method with a {@code String}, no media
 * type or {@code application/octet-stream} to the one with {@code byte[]}.</li>
 * <li>the JSON itself, where the classes have a supertype with Jackson's
 * {@code @JsonTypeInfo}, for instance a sealed interface. The method with the narrowest
 * type is called.</li>
 * <li>that there is only one method for objects.</li>
 * </ol>
 * A message that no method takes goes to the one with {@link #isDefault()}; if there is
 * none, it fails like one that cannot be converted.
 * <p>
 * Parameters and results are those of {@link LiftbridgeListener}, for single messages;
 * {@code @SendTo} may be on each method or on the class.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(ListenerReflectiveProcessor.class)
public @interface LiftbridgeHandler {

	/**
	 * Whether the method receives what no other one takes. At most one method of a class
	 * may.
	 * @return {@code true} for the default method
	 */
	boolean isDefault() default false;

	/**
	 * What the header {@code payload-type} says of messages for this method. May hold
	 * {@code ${placeholders}} and {@code #{SpEL}}; each may also be a list separated by
	 * commas.
	 * @return names; default: the simple and the full name of the payload's class
	 */
	String[] payloadType() default {};

}
