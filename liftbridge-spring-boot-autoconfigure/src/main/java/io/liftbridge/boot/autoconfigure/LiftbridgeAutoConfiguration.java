package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.ProducerMetrics;
import io.liftbridge.spring.core.LiftbridgeTemplate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the client, template, administration and listeners. Nothing
 * connects before the first use, so that the application starts whether or not a broker
 * runs.
 */
@AutoConfiguration(after = SslAutoConfiguration.class,
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration" })
@ConditionalOnClass({ LiftbridgeClient.class, LiftbridgeTemplate.class })
@EnableConfigurationProperties(LiftbridgeProperties.class)
@Import({ PayloadConvertersConfiguration.WithJsonMapper.class, PayloadConvertersConfiguration.WithDefaults.class,
		LiftbridgeTemplateConfiguration.class, LiftbridgeAdminConfiguration.class,
		LiftbridgeListenerConfiguration.class, LiftbridgeSinkConfiguration.class })
public final class LiftbridgeAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(LiftbridgeConnectionDetails.class)
	PropertiesLiftbridgeConnectionDetails liftbridgeConnectionDetails(LiftbridgeProperties properties,
			ObjectProvider<SslBundles> bundles) {
		return new PropertiesLiftbridgeConnectionDetails(properties, bundles.getIfAvailable());
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	LiftbridgeClient liftbridgeClient(LiftbridgeProperties properties,
			ObjectProvider<LiftbridgeConnectionDetails> connections, ObjectProvider<ConnectionListener> listeners,
			ObjectProvider<ProducerMetrics> metrics, ObjectProvider<ChannelCustomizer> channels,
			ObjectProvider<LiftbridgeClientBuilderCustomizer> customizers, ObjectProvider<SslBundles> bundles,
			Environment environment) {
		LiftbridgeConnectionDetails details = ClusterConnectionDetails.of(connections);
		LiftbridgeClientBuilder builder = LiftbridgeClientMapper.map(properties, details,
				listeners.orderedStream().toList(), metrics.orderedStream().toList(), channels.orderedStream().toList(),
				bundles.getIfAvailable());
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		try {
			return ProducerChecks.check(builder.build(), properties.getProducer(), environment);
		}
		catch (InvalidRequestException ex) {
			String bundle = properties.getSsl().getBundle();
			if (details.getSslBundle() == null || bundle == null) {
				throw ex;
			}
			throw SslProperties.unusable(bundle, ex);
		}
	}

}
