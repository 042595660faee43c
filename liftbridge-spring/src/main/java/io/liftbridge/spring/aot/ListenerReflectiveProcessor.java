package io.liftbridge.spring.aot;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Keeps what listeners need by reflection: their methods, and the types that messages are
 * converted to and replies from. Wrappers such as lists, {@code ReceivedMessage} or
 * {@code CompletableFuture} are looked into.
 */
public class ListenerReflectiveProcessor implements ReflectiveProcessor {

	private static final List<String> INFRASTRUCTURE = List.of("java.", "javax.", "jakarta.", "org.springframework.",
			"io.liftbridge.client.", "io.liftbridge.spring.support.");

	private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

	@Override
	public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
		if (element instanceof Class<?> type) {
			// Its methods carry annotations of their own.
			hints.registerType(type);
		}
		else if (element instanceof Method method) {
			hints.registerType(method.getDeclaringClass());
			hints.registerMethod(method, ExecutableMode.INVOKE);
			this.bindings.registerReflectionHints(hints, payloads(method).toArray(Class<?>[]::new));
		}
	}

	private static Set<Class<?>> payloads(Method method) {
		Set<Class<?>> found = new LinkedHashSet<>();
		Set<Type> seen = new HashSet<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			collect(ResolvableType.forMethodParameter(new MethodParameter(method, i)), found, seen);
		}
		collect(ResolvableType.forMethodReturnType(method), found, seen);
		return found;
	}

	private static void collect(ResolvableType type, Set<Class<?>> found, Set<Type> seen) {
		if (!seen.add(type.getType())) {
			// As in T extends Comparable<T>.
			return;
		}
		if (type.isArray()) {
			collect(type.getComponentType(), found, seen);
			return;
		}
		Class<?> raw = type.resolve();
		if (raw != null && !raw.isPrimitive() && INFRASTRUCTURE.stream().noneMatch(raw.getName()::startsWith)) {
			found.add(raw);
		}
		Arrays.stream(type.getGenerics()).forEach((generic) -> collect(generic, found, seen));
	}

}
