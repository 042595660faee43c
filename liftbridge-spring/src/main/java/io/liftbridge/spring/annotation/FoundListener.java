package io.liftbridge.spring.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A method or a class that was found, with one of its annotations.
 *
 * @param bean the object, or a proxy of it
 * @param beanName its name
 * @param type the class of the object itself
 * @param method the method with the annotation, {@code null} if the class has it
 * @param annotation the annotation
 * @param index number of this annotation on the method or class, counted from 0
 */
record FoundListener(Object bean, String beanName, Class<?> type, @Nullable Method method,
		LiftbridgeListener annotation, int index) {

	/** Where it is, for messages. */
	String where() {
		return ((this.method != null) ? describe(this.method) : this.type.getSimpleName()) + " of bean '"
				+ this.beanName + "'";
	}

	static String describe(Method method) {
		return method.getDeclaringClass().getSimpleName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

	/** The id of a listener that has none: stable, because its cursor bears it. */
	String defaultId() {
		String name = (this.method != null) ? this.beanName + "." + this.method.getName() : this.beanName;
		return (this.index > 0) ? name + "#" + (this.index + 1) : name;
	}

	/** The methods that receive messages. */
	List<Method> methods() {
		return (this.method != null) ? List.of(this.method) : ListenerScanner.handlers(this.type);
	}

}
