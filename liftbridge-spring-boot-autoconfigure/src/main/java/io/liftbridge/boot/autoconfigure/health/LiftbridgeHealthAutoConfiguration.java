package io.liftbridge.boot.autoconfigure.health;

import java.util.List;

import io.liftbridge.boot.autoconfigure.DeadLetterProperties;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeProperties;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health indicator.
 */
@AutoConfiguration(after = LiftbridgeAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class, LiftbridgeClient.class })
@ConditionalOnBean(LiftbridgeClient.class)
@ConditionalOnEnabledHealthIndicator("liftbridge")
@EnableConfigurationProperties(LiftbridgeProperties.class)
public final class LiftbridgeHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "liftbridgeHealthIndicator", "liftbridgeHealthContributor" })
	LiftbridgeHealthIndicator liftbridgeHealthContributor(LiftbridgeClient client, LiftbridgeProperties properties,
			ObjectProvider<LiftbridgeListenerEndpointRegistry> registry) {
		LiftbridgeListenerEndpointRegistry listeners = registry.getIfAvailable();
		DeadLetterProperties deadLetters = properties.getListener().getDeadLetter();
		return new LiftbridgeHealthIndicator(client::brokers,
				() -> (listeners != null) ? listeners.containers() : List.of(),
				deadLetters.isEnabled() ? deadLetters.getSuffix() : null,
				properties.getListener().getInterruptionTolerance());
	}

	@Bean
	FirstContact liftbridgeFirstContact(LiftbridgeClient client) {
		return new FirstContact(client);
	}

}
