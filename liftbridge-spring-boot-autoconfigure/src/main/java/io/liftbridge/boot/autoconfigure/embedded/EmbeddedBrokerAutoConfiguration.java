package io.liftbridge.boot.autoconfigure.embedded;

import java.io.IOException;

import io.liftbridge.boot.autoconfigure.EmbeddedProperties;
import io.liftbridge.boot.autoconfigure.InvalidLiftbridgePropertyException;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.LiftbridgeProperties;
import io.liftbridge.embedded.BrokerDirectoryException;
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
			EmbeddedProperties embedded = properties.getEmbedded();
			int port = embedded.getPort();
			EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(port);
			if (embedded.getDirectory() != null) {
				builder.directory(embedded.getDirectory());
			}
			try {
				return builder.start();
			}
			catch (BrokerDirectoryException ex) {
				throw new InvalidLiftbridgePropertyException("liftbridge.embedded.directory", embedded.getDirectory(),
						"cannot be used: " + ex.getMessage() + ".",
						": name a directory that this application can write to and no other one uses", ex);
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
