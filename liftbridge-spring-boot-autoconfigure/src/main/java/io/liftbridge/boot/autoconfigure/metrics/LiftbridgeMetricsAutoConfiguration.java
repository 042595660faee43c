package io.liftbridge.boot.autoconfigure.metrics;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.observation.MicrometerListenerLag;
import io.liftbridge.spring.observation.MicrometerListenerMetrics;
import io.liftbridge.spring.observation.MicrometerListenerRebalances;
import io.liftbridge.spring.observation.MicrometerProducerMetrics;
import io.liftbridge.spring.observation.MicrometerSinkMetrics;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

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
	MicrometerProducerMetrics liftbridgeProducerMeters(MeterRegistry registry) {
		return new MicrometerProducerMetrics(registry);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	MicrometerListenerMetrics liftbridgeListenerMeters(MeterRegistry registry) {
		return new MicrometerListenerMetrics(registry);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	MicrometerSinkMetrics liftbridgeSinkMeters(MeterRegistry registry) {
		return new MicrometerSinkMetrics(registry);
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

	@Bean
	@ConditionalOnMissingBean
	MicrometerListenerRebalances liftbridgeListenerRebalances(MeterRegistry registry) {
		return new MicrometerListenerRebalances(registry);
	}

}
