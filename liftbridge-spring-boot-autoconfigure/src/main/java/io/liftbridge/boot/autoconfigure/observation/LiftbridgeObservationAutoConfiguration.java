package io.liftbridge.boot.autoconfigure.observation;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.SendObserver;
import io.liftbridge.spring.listener.delivery.ListenerObserver;
import io.liftbridge.spring.observation.BatchLinksObservationHandler;
import io.liftbridge.spring.observation.LiftbridgeListenerObservationConvention;
import io.liftbridge.spring.observation.LiftbridgeObservationCustomizer;
import io.liftbridge.spring.observation.LiftbridgeTemplateObservationConvention;
import io.liftbridge.spring.observation.MicrometerListenerObserver;
import io.liftbridge.spring.observation.MicrometerSendObserver;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration of observations, if there is an {@link ObservationRegistry}.
 */
@AutoConfiguration(after = LiftbridgeAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass({ ObservationRegistry.class, LiftbridgeClient.class, MicrometerSendObserver.class })
@ConditionalOnBean(ObservationRegistry.class)
public final class LiftbridgeObservationAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean(SendObserver.class)
	@ConditionalOnBooleanProperty(name = "liftbridge.template.observation-enabled", matchIfMissing = true)
	MicrometerSendObserver liftbridgeSendObserver(ObservationRegistry registry,
			ObjectProvider<LiftbridgeTemplateObservationConvention> convention,
			ObjectProvider<LiftbridgeObservationCustomizer> customizers) {
		return new MicrometerSendObserver(registry, convention.getIfAvailable(), customizers.orderedStream().toList());
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(ListenerObserver.class)
	@ConditionalOnBooleanProperty(name = "liftbridge.listener.observation-enabled", matchIfMissing = true)
	MicrometerListenerObserver liftbridgeListenerObserver(ObservationRegistry registry,
			ObjectProvider<LiftbridgeListenerObservationConvention> convention,
			ObjectProvider<LiftbridgeObservationCustomizer> customizers) {
		return new MicrometerListenerObserver(registry, convention.getIfAvailable(),
				customizers.orderedStream().toList());
	}

	/**
	 * What needs a tracer.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Tracer.class, TracingObservationHandler.class })
	@ConditionalOnBean(Tracer.class)
	static class TracingConfiguration {

		/** Before the handler that would continue one trace only. */
		@Bean
		@ConditionalOnMissingBean
		@Order(0)
		BatchLinksObservationHandler liftbridgeBatchLinksObservationHandler(Tracer tracer) {
			return new BatchLinksObservationHandler(tracer);
		}

	}

}
