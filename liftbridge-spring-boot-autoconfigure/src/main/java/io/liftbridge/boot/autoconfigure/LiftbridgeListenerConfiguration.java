package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.annotation.EnableLiftbridge;
import io.liftbridge.spring.annotation.LiftbridgeBeanNames;
import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.ListenerContainerCustomizer;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.ListenerObserver;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.PayloadConverters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What is needed for listening.
 */
@Lazy
@Configuration(proxyBeanMethods = false)
class LiftbridgeListenerConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Recoverer liftbridgeRecoverer(LiftbridgeClient client, ProducerFactory producers, LiftbridgeProperties properties) {
		return defaultRecoverer(client, producers, properties);
	}

	static Recoverer defaultRecoverer(LiftbridgeClient client, ProducerFactory producers,
			LiftbridgeProperties properties) {
		Recoverer last = lastRecoverer(client, producers, properties);
		RetryStreamProperties later = properties.getListener().getRetryStream();
		if (!later.isEnabled()) {
			return last;
		}
		RetryStream retryStream = new RetryStream(client, producers,
				new FixedBackOff(later.getPause().toMillis(), later.getRounds()), last);
		retryStream.setSuffix(later.getSuffix());
		return retryStream;
	}

	private static Recoverer lastRecoverer(LiftbridgeClient client, ProducerFactory producers,
			LiftbridgeProperties properties) {
		DeadLetterProperties deadLetter = properties.getListener().getDeadLetter();
		if (!deadLetter.isEnabled()) {
			return new LoggingRecoverer();
		}
		DeadLetterPublisher publisher = new DeadLetterPublisher(client, producers);
		publisher.setSuffix(deadLetter.getSuffix());
		return publisher;
	}

	@Bean
	@ConditionalOnMissingBean
	DeadLetterReplayer liftbridgeDeadLetterReplayer(LiftbridgeClient client, ProducerFactory producers) {
		return new DeadLetterReplayer(client, producers);
	}

	@Bean
	@ConditionalOnMissingBean
	LiftbridgeListenerContainerFactoryConfigurer liftbridgeListenerContainerFactoryConfigurer(
			LiftbridgeProperties properties, Environment environment, LiftbridgeClient client,
			ProducerFactory producers, ObjectProvider<Recoverer> recoverer, ObjectProvider<ErrorHandler> errorHandler,
			ObjectProvider<ListenerContainerCustomizer> customizers, ObjectProvider<ListenerMetrics> metrics,
			ObjectProvider<ListenerObserver> observer) {
		return new LiftbridgeListenerContainerFactoryConfigurer(new ContainerPropertiesMapper(properties, environment),
				errorHandler.getIfUnique(() -> ContainerPropertiesMapper.errorHandler(properties,
						recoverer.getIfUnique(() -> defaultRecoverer(client, producers, properties)))),
				customizers.orderedStream().toList(), CompositeListenerMetrics.of(metrics.orderedStream().toList()),
				observer.getIfUnique(() -> ListenerObserver.NONE), environment);
	}

	@Bean(LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY)
	@ConditionalOnMissingBean(name = LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY)
	LiftbridgeListenerContainerFactory liftbridgeListenerContainerFactory(LiftbridgeClient client,
			ProducerFactory producers, PayloadConverters converters, HeaderMapper headers,
			ObjectProvider<LiftbridgeOperations> operations, ObjectProvider<LiftbridgeTemplate> templates,
			LiftbridgeListenerContainerFactoryConfigurer configurer) {
		LiftbridgeListenerContainerFactory factory = new LiftbridgeListenerContainerFactory(client, producers);
		factory.setPayloadConverters(converters);
		factory.setHeaderMapper(headers);
		// One of them may route to the other.
		factory.setReplyTemplate(operations.getIfUnique(templates::getIfUnique));
		configurer.configure(factory);
		return factory;
	}

	/**
	 * Switches on {@code @LiftbridgeListener}, unless the application did.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableLiftbridge
	@ConditionalOnMissingBean(name = LiftbridgeBeanNames.LISTENER_ANNOTATION_PROCESSOR)
	static class EnableLiftbridgeConfiguration {

	}

}
