package io.liftbridge.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.LiftbridgeAdmin;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoint.
 */
@AutoConfiguration(after = LiftbridgeAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class, LiftbridgeClient.class })
@ConditionalOnBean(LiftbridgeClient.class)
@ConditionalOnAvailableEndpoint(LiftbridgeEndpoint.class)
public final class LiftbridgeEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiftbridgeEndpoint liftbridgeEndpoint(LiftbridgeClient client,
			ObjectProvider<LiftbridgeListenerEndpointRegistry> registry, ObjectProvider<LiftbridgeAdmin> admin) {
		LiftbridgeListenerEndpointRegistry listeners = registry.getIfAvailable();
		LiftbridgeAdmin streams = admin.getIfUnique();
		return new LiftbridgeEndpoint(client::brokers, client.streams()::known,
				() -> (streams != null) ? streams.pending() : Map.of(),
				() -> (listeners != null) ? List.copyOf(listeners.containers()) : List.of());
	}

}
