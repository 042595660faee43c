package io.liftbridge.boot.autoconfigure.metrics;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.observation.MicrometerListenerLag;
import io.liftbridge.spring.observation.MicrometerListenerMetrics;
import io.liftbridge.spring.observation.MicrometerSendListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of meters, if there is a {@link MeterRegistry}.
 */
@AutoConfiguration(after = LiftbridgeAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass({ MeterRegistry.class, LiftbridgeClient.class, MicrometerListenerMetrics.class })
@ConditionalOnBean({ MeterRegistry.class, LiftbridgeClient.class })
public final class LiftbridgeMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MicrometerSendListener liftbridgeProducerMeters(MeterRegistry registry, ObjectProvider<ProducerFactory> producers) {
		return new MicrometerSendListener(registry, (stream) -> find(producers.getIfUnique(), stream));
	}

	/** Looked up late, because the factory is created with these meters. */
	private static @Nullable Producer find(@Nullable ProducerFactory factory, String stream) {
		return (factory instanceof DefaultProducerFactory known) ? known.producers().get(stream) : null;
	}

	@Bean
	@ConditionalOnMissingBean
	MicrometerListenerMetrics liftbridgeListenerMeters(MeterRegistry registry) {
		return new MicrometerListenerMetrics(registry);
	}

	@Bean
	ReconnectCounter liftbridgeReconnectCounter(MeterRegistry registry) {
		return new ReconnectCounter(registry);
	}

	@Bean
	BrokerMeters liftbridgeBrokerMeters(LiftbridgeClient client, MeterRegistry registry) {
		return new BrokerMeters(client::brokers, registry);
	}

	@Bean
	@ConditionalOnMissingBean
	MicrometerListenerLag liftbridgeListenerLag(MeterRegistry registry) {
		return new MicrometerListenerLag(registry);
	}

}
