package io.liftbridge.boot.autoconfigure.embedded;

import java.io.IOException;

import io.liftbridge.boot.autoconfigure.InvalidLiftbridgePropertyException;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.LiftbridgeProperties;
import io.liftbridge.embedded.EmbeddedBroker;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of a broker inside this JVM, if {@code liftbridge.embedded.enabled}
 * asks for it and nothing else says where a broker is. All that talks to the broker
 * depends on it, so it starts first and stops last.
 */
@AutoConfiguration(before = LiftbridgeAutoConfiguration.class)
@ConditionalOnBooleanProperty("liftbridge.embedded.enabled")
@Conditional(OnNoSeedsCondition.class)
@ConditionalOnMissingBean(LiftbridgeConnectionDetails.class)
@EnableConfigurationProperties(LiftbridgeProperties.class)
public final class EmbeddedBrokerAutoConfiguration {

	/**
	 * The broker.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EmbeddedBroker.class)
	static class Present {

		@Bean(destroyMethod = "close")
		@ConditionalOnMissingBean
		EmbeddedBroker liftbridgeEmbeddedBroker(LiftbridgeProperties properties) {
			int port = properties.getEmbedded().getPort();
			try {
				return EmbeddedBroker.builder().port(port).start();
			}
			catch (IllegalStateException ex) {
				if (ex.getCause() instanceof IOException) {
					throw new InvalidLiftbridgePropertyException("liftbridge.embedded.port", port,
							"cannot be used: it is taken on 127.0.0.1.", ": choose a free port, or 0 for any", ex);
				}
				throw ex;
			}
		}

		@Bean
		EmbeddedLiftbridgeConnectionDetails liftbridgeEmbeddedConnectionDetails(EmbeddedBroker broker,
				LiftbridgeProperties properties, ObjectProvider<SslBundles> bundles) {
			// Not needed here, but an error in it should not wait for the first cluster.
			properties.getSsl().resolve(bundles.getIfAvailable());
			return new EmbeddedLiftbridgeConnectionDetails(broker);
		}

	}

	/**
	 * Says what is missing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("io.liftbridge.embedded.EmbeddedBroker")
	static class Absent {

		@Bean
		LiftbridgeConnectionDetails liftbridgeEmbeddedConnectionDetails() {
			throw new InvalidLiftbridgePropertyException("liftbridge.embedded.enabled", true,
					"cannot be fulfilled: liftbridge-embedded is not on the class path.",
					": add the dependency io.liftbridge:liftbridge-embedded, or name brokers with liftbridge.seeds");
		}

	}

}
