package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.ListenerContainerCustomizer;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.ListenerObserver;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Gives a container factory what {@code liftbridge.listener} and the application's beans
 * say. Inject it to set up further factories as the first one is.
 */
public class LiftbridgeListenerContainerFactoryConfigurer {

	private final ContainerPropertiesMapper properties;

	private final ErrorHandler errorHandler;

	private final List<ListenerContainerCustomizer> customizers;

	private final ListenerMetrics metrics;

	private final ListenerObserver observer;

	private final Environment environment;

	LiftbridgeListenerContainerFactoryConfigurer(ContainerPropertiesMapper properties, ErrorHandler errorHandler,
			List<ListenerContainerCustomizer> customizers, ListenerMetrics metrics, ListenerObserver observer,
			Environment environment) {
		this.properties = properties;
		this.errorHandler = errorHandler;
		this.customizers = customizers;
		this.metrics = metrics;
		this.observer = observer;
		this.environment = environment;
	}

	/**
	 * Sets up a factory.
	 * @param factory a new factory
	 */
	public void configure(LiftbridgeListenerContainerFactory factory) {
		this.properties.map(factory.getContainerProperties());
		factory.setErrorHandler(this.errorHandler);
		factory.setContainerCustomizers(this.customizers);
		factory.setListenerMetrics(this.metrics);
		factory.setListenerObserver(this.observer);
		if (Threading.VIRTUAL.isActive(this.environment)) {
			factory.setTaskExecutor(new VirtualThreadTaskExecutor("liftbridge-listener-"));
		}
	}

}
