package io.liftbridge.spring.listener.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * One of the methods among which the payload's type decides.
 *
 * @param definition what was said of it
 * @param listener calls it
 * @param type class of its payload; {@code Object} if it takes any
 */
record MethodHandler(HandlerDefinition definition, MethodRecordListener listener, Class<?> type) {

	static MethodHandler of(HandlerDefinition definition, MethodRecordListener listener) {
		ResolvableType type = listener.payloadType();
		Class<?> raw = ((type.resolve() == Optional.class) ? type.getGeneric(0) : type).resolve(Object.class);
		return new MethodHandler(definition, listener, ClassUtils.resolvePrimitiveIfNecessary(raw));
	}

	boolean isDefault() {
		return this.definition.isDefault();
	}

	boolean isText() {
		return CharSequence.class.isAssignableFrom(this.type);
	}

	boolean isBytes() {
		return this.type == byte[].class;
	}

	/** Whether its payload is neither text nor bytes nor just anything. */
	boolean isObject() {
		return !isText() && !isBytes() && this.type != Object.class;
	}

	/** By what the header may name it, apart from its simple name. */
	List<String> names() {
		List<String> given = this.definition.payloadTypes();
		return (given.isEmpty() && this.type != Object.class) ? List.of(this.type.getName()) : given;
	}

	/** As in messages about it. */
	String describe() {
		return this.definition.method().getName() + Arrays.stream(this.definition.method().getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", ", "(", ")"));
	}

}
