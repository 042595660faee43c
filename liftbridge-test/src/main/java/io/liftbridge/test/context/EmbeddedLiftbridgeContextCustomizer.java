package io.liftbridge.test.context;

import java.util.Map;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeTestTemplate;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Starts a broker before an application context does, and leads the application to it.
 *
 * @param spec what is wanted; contexts are cached by it
 */
record EmbeddedLiftbridgeContextCustomizer(EmbeddedBrokerSpec spec) implements ContextCustomizer {

	static final String BROKER_BEAN = "embeddedLiftbridgeBroker";

	static final String TEMPLATE_BEAN = "liftbridgeTestTemplate";

	private static final String PROPERTY_SOURCE = "embeddedLiftbridge";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		ConfigurableEnvironment environment = context.getEnvironment();
		EmbeddedBroker broker = this.spec.start(environment::resolveRequiredPlaceholders);
		environment.getPropertySources()
			.addFirst(new MapPropertySource(PROPERTY_SOURCE, Map.of(this.spec.seedsProperty(), broker.address())));
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		beans.registerSingleton(BROKER_BEAN, broker);
		if (!this.spec.shared() && beans instanceof DefaultSingletonBeanRegistry registry) {
			// Registered first, closed last: all that talks to it has ended by then.
			registry.registerDisposableBean(BROKER_BEAN, broker::close);
		}
		if (beans instanceof BeanDefinitionRegistry registry) {
			registry.registerBeanDefinition(TEMPLATE_BEAN, template(broker, beans));
		}
	}

	/** Not made before a test asks for it. */
	private static RootBeanDefinition template(EmbeddedBroker broker, ConfigurableListableBeanFactory beans) {
		RootBeanDefinition definition = new RootBeanDefinition(LiftbridgeTestTemplate.class, () -> {
			// The application's own client knows its prefix of streams.
			LiftbridgeClient client = beans.getBeanProvider(LiftbridgeClient.class).getIfUnique();
			return (client != null) ? LiftbridgeTestTemplate.using(client)
					: LiftbridgeTestTemplate.connect(broker.address());
		});
		definition.setLazyInit(true);
		return definition;
	}

}
