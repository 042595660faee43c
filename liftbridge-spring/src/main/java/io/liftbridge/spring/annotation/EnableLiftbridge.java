package io.liftbridge.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Switches on {@link LiftbridgeListener}. Needs a
 * {@link io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory} bean named
 * {@code liftbridgeListenerContainerFactory}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(ListenerInfrastructureRegistrar.class)
public @interface EnableLiftbridge {

}
