package io.liftbridge.test.context;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Finds {@link EmbeddedLiftbridge} at test classes with Spring, also at those that a
 * class is nested in.
 */
class EmbeddedLiftbridgeContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		EmbeddedLiftbridge annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				EmbeddedLiftbridge.class);
		return (annotation != null) ? new EmbeddedLiftbridgeContextCustomizer(EmbeddedBrokerSpec.of(annotation)) : null;
	}

}
