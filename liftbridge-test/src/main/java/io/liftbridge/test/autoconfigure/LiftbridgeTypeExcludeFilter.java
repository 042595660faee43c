package io.liftbridge.test.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.util.ClassUtils;

/**
 * Tells what is scanned for a {@link LiftbridgeTest}. The types are found by name, as
 * this module does not depend on those that have them.
 */
final class LiftbridgeTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<LiftbridgeTest> {

	static final List<String> INCLUDES = List.of("io.liftbridge.boot.autoconfigure.LiftbridgeClientBuilderCustomizer",
			"io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails",
			"io.liftbridge.client.cluster.AddressResolver", "io.liftbridge.client.cluster.ChannelCustomizer",
			"io.liftbridge.client.cluster.ConnectionListener", "io.liftbridge.spring.core.ProducerCustomizer",
			"io.liftbridge.spring.core.PublishInterceptor", "io.liftbridge.spring.core.SendListener",
			"io.liftbridge.spring.listener.BatchInterceptor",
			"io.liftbridge.spring.listener.ListenerContainerCustomizer", "io.liftbridge.spring.listener.MessageFilter",
			"io.liftbridge.spring.listener.RecordInterceptor", "io.liftbridge.spring.listener.delivery.ErrorHandler",
			"io.liftbridge.spring.listener.delivery.Recoverer", "io.liftbridge.spring.support.HeaderMapper",
			"io.liftbridge.spring.support.PayloadConverter");

	LiftbridgeTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		ClassLoader loader = getClass().getClassLoader();
		Set<Class<?>> includes = new LinkedHashSet<>();
		for (String name : INCLUDES) {
			if (ClassUtils.isPresent(name, loader)) {
				includes.add(ClassUtils.resolveClassName(name, loader));
			}
		}
		return includes;
	}

}
