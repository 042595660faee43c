package io.liftbridge.spring.annotation;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Finds listeners in classes. Annotations are inherited from superclasses and interfaces
 * unless a class, or a method that overrides another, has its own.
 */
final class ListenerScanner {

	private ListenerScanner() {
	}

	static List<FoundListener> find(Object bean, String beanName, Class<?> type) {
		List<FoundListener> found = new ArrayList<>();
		if (!AnnotationUtils.isCandidateClass(type, List.of(LiftbridgeListener.class, LiftbridgeListeners.class))) {
			return found;
		}
		add(bean, beanName, type, null, annotations(type), found);
		MetadataLookup<List<LiftbridgeListener>> lookup = (method) -> {
			List<LiftbridgeListener> annotations = annotations(method);
			return annotations.isEmpty() ? null : annotations;
		};
		Map<Method, List<LiftbridgeListener>> methods = MethodIntrospector.selectMethods(type, lookup);
		methods.forEach((method, annotations) -> add(bean, beanName, type, method, annotations, found));
		return found;
	}

	private static void add(Object bean, String beanName, Class<?> type, @Nullable Method method,
			List<LiftbridgeListener> annotations, List<FoundListener> found) {
		int index = 0;
		for (LiftbridgeListener annotation : annotations) {
			found.add(new FoundListener(bean, beanName, type, method, annotation, index++));
		}
	}

	/** The annotations of the nearest element that has any. */
	private static List<LiftbridgeListener> annotations(AnnotatedElement element) {
		List<MergedAnnotation<LiftbridgeListener>> all = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
			.stream(LiftbridgeListener.class)
			.toList();
		int nearest = all.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
		return all.stream()
			.filter((annotation) -> annotation.getAggregateIndex() == nearest)
			.map((annotation) -> annotation.synthesize())
			.toList();
	}

	/** The methods for payloads of different types, in a lasting order. */
	static List<Method> handlers(Class<?> type) {
		MetadataLookup<LiftbridgeHandler> lookup = ListenerScanner::handler;
		return MethodIntrospector.selectMethods(type, lookup)
			.keySet()
			.stream()
			.sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
			.toList();
	}

	static @Nullable LiftbridgeHandler handler(Method method) {
		return AnnotatedElementUtils.findMergedAnnotation(method, LiftbridgeHandler.class);
	}

}
