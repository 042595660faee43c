package io.liftbridge.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what has to do with Liftbridge only: <pre>
 * &#64;LiftbridgeTest
 * &#64;EmbeddedLiftbridge(streams = "orders")
 * &#64;Import(BillingListener.class)
 * class BillingListenerTests { ... }
 * </pre> Auto-configured are the client, template, listeners, JSON and validation,
 * nothing else. Of the application's beans only those are scanned that shape them:
 * customizers, converters, error handlers, interceptors. Listeners and other components
 * are named by {@code @Import} or {@link #includeFilters()}. Where the broker is tells
 * {@link io.liftbridge.test.context.EmbeddedLiftbridge}, a container with
 * {@code @ServiceConnection}, or a property.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(LiftbridgeTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(LiftbridgeTypeExcludeFilter.class)
@AutoConfigureLiftbridge
@ImportAutoConfiguration
public @interface LiftbridgeTest {

	/**
	 * Properties that are set before the test runs.
	 * @return the properties as {@code key=value}
	 */
	String[] properties() default {};

	/**
	 * Whether the beans named above are scanned.
	 * @return {@code true} by default
	 */
	boolean useDefaultFilters() default true;

	/**
	 * What is scanned besides.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * What is not scanned.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations that are left out.
	 * @return their classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
