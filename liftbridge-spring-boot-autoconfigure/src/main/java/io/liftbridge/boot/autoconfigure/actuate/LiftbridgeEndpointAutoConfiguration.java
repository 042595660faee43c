package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import io.liftbridge.boot.autoconfigure.DeadLetterProperties;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeProperties;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.LiftbridgeAdmin;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoint.
 */
@AutoConfiguration(after = LiftbridgeAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class, LiftbridgeClient.class })
@ConditionalOnBean(LiftbridgeClient.class)
@ConditionalOnAvailableEndpoint(LiftbridgeEndpoint.class)
@EnableConfigurationProperties(LiftbridgeProperties.class)
public final class LiftbridgeEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiftbridgeEndpoint liftbridgeEndpoint(LiftbridgeClient client, LiftbridgeProperties properties,
			ObjectProvider<LiftbridgeListenerEndpointRegistry> registry, ObjectProvider<LiftbridgeAdmin> admin,
			ObjectProvider<DeadLetterReplayer> replayer) {
		LiftbridgeListenerEndpointRegistry listeners = registry.getIfAvailable();
		LiftbridgeAdmin streams = admin.getIfUnique();
		BackgroundTasks tasks = new BackgroundTasks(() -> listeners != null && listeners.isRunning());
		ListenerActions actions = new ListenerActions(tasks,
				replays(properties.getListener().getDeadLetter(), replayer.getIfUnique()));
		return new LiftbridgeEndpoint(client::brokers, client.streams()::known,
				() -> (streams != null) ? streams.pending() : Map.of(),
				() -> (listeners != null) ? List.copyOf(listeners.containers()) : List.of(), actions);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(LiftbridgeEndpoint.class)
	LiftbridgeEndpointWebExtension liftbridgeEndpointWebExtension(LiftbridgeEndpoint endpoint) {
		return new LiftbridgeEndpointWebExtension(endpoint);
	}

	@Bean
	UnknownArguments liftbridgeUnknownArguments() {
		return new UnknownArguments();
	}

	private static @Nullable DeadLetterReplays replays(DeadLetterProperties properties,
			@Nullable DeadLetterReplayer replayer) {
		return (replayer != null && properties.isEnabled())
				? new DeadLetterReplays(replayer, properties.getSuffix(), Clock.systemUTC()) : null;
	}

}
