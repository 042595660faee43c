package io.liftbridge.benchmarks;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.annotation.EnableLiftbridge;
import io.liftbridge.spring.annotation.LiftbridgeBeanNames;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.observation.MicrometerListenerObserver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that has listeners, as a user without Boot would write it.
 */
final class ListenerApplication implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	/** Does not start yet. */
	ListenerApplication(Options options, String seeds) {
		this.context.registerBean(LiftbridgeClient.class, () -> LiftbridgeClient.builder().seeds(seeds).build());
		this.context.registerBean(Options.class, () -> options);
		this.context.register(Infrastructure.class);
	}

	<T> void add(String name, Class<T> type, T bean) {
		this.context.registerBean(name, type, () -> bean);
	}

	void start() {
		this.context.refresh();
	}

	LiftbridgeClient client() {
		return this.context.getBean(LiftbridgeClient.class);
	}

	LiftbridgeListenerEndpointRegistry registry() {
		return this.context.getBean(LiftbridgeListenerEndpointRegistry.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** What each application with listeners has. */
	@Configuration(proxyBeanMethods = false)
	@EnableLiftbridge
	static class Infrastructure {

		@Bean
		DefaultProducerFactory producerFactory(LiftbridgeClient client) {
			return new DefaultProducerFactory(client);
		}

		@Bean(LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY)
		LiftbridgeListenerContainerFactory containerFactory(LiftbridgeClient client, DefaultProducerFactory producers,
				Options options) {
			LiftbridgeListenerContainerFactory factory = new LiftbridgeListenerContainerFactory(client, producers);
			factory.getContainerProperties().setStartPosition(StartPosition::earliest);
			factory.getContainerProperties().setAckMode(AckMode.valueOf(options.ack()));
			if (options.mode() == Mode.LISTENER) {
				factory.getContainerProperties().setPrefetch(options.window());
			}
			factory.setListenerObserver(new MicrometerListenerObserver(options.observations()));
			return factory;
		}

	}

}
