package io.liftbridge.spring.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A method that was found, with one of its annotations.
 *
 * @param bean the object
 * @param beanName its name
 * @param method its method, to be called on the object
 * @param annotation the annotation
 * @param index number of this annotation on the method, counted from 0
 */
record ListenerMethod(Object bean, String beanName, Method method, LiftbridgeListener annotation, int index) {

	/** Where it is, for messages. */
	String where() {
		String parameters = Arrays.stream(this.method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName() + "(" + parameters
				+ ") of bean '" + this.beanName + "'";
	}

	/** The id of a listener that has none: stable, because its cursor bears it. */
	String defaultId() {
		String name = this.beanName + "." + this.method.getName();
		return (this.index > 0) ? name + "#" + (this.index + 1) : name;
	}

}
