package io.liftbridge.spring.annotation;

import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers what listener methods need, once.
 */
final class ListenerInfrastructureRegistrar implements ImportBeanDefinitionRegistrar {

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		register(registry, LiftbridgeBeanNames.LISTENER_ANNOTATION_PROCESSOR,
				LiftbridgeListenerAnnotationBeanPostProcessor.class);
		register(registry, LiftbridgeBeanNames.LISTENER_ENDPOINT_REGISTRY, LiftbridgeListenerEndpointRegistry.class);
	}

	private static void register(BeanDefinitionRegistry registry, String name, Class<?> type) {
		if (!registry.containsBeanDefinition(name)) {
			RootBeanDefinition definition = new RootBeanDefinition(type);
			definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
			registry.registerBeanDefinition(name, definition);
		}
	}

}
