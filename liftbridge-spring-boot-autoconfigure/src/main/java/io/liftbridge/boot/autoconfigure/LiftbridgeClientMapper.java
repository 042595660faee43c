package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.producer.ProducerMetrics;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Makes a client builder of properties and connection details. Each start of an
 * application comes along here, so it is written without a lambda for each property,
 * which the JVM would make a class of.
 */
final class LiftbridgeClientMapper {

	private LiftbridgeClientMapper() {
	}

	static LiftbridgeClientBuilder map(LiftbridgeProperties properties, LiftbridgeConnectionDetails details,
			List<ConnectionListener> listeners, List<ProducerMetrics> metrics, List<ChannelCustomizer> channels,
			@Nullable SslBundles bundles) {
		LiftbridgeClientBuilder builder = LiftbridgeClient.builder()
			.seeds(details.getSeeds())
			.addressResolver(details.getAddressResolver())
			.channelCustomizer(ChannelCustomizer.all(channels))
			.connectionListener(ConnectionListener.all(listeners))
			.producerMetrics(ProducerMetrics.all(metrics));
		if (properties.getClientId() != null) {
			builder.clientId(properties.getClientId());
		}
		builder.connectTimeout(properties.getConnectTimeout())
			.requestTimeout(properties.getRequestTimeout())
			.metadataRefreshInterval(properties.getMetadataRefreshInterval())
			.maxMessageBytes((int) properties.getMaxMessageSize().toBytes())
			.maxInboundBytes((int) properties.getMaxInboundSize().toBytes())
			.brokerSelection(properties.getBrokerSelection())
			.streamPrefix(properties.getStreamPrefix());
		LoadBalancerProperties loadBalancer = properties.getLoadBalancer();
		builder.loadBalancer(loadBalancer.isEnabled(), loadBalancer.getMaxRetries());
		ClientRetryProperties retry = properties.getRetry();
		builder.retryPolicy(new RetryPolicy(retry.getInitialInterval(), retry.getMultiplier(), retry.getMaxInterval(),
				retry.getJitter()));
		SslBundle bundle = details.getSslBundle();
		if (bundle != null) {
			builder.tls(BundleUpdates.follow(bundle, properties.getSsl(), bundles));
		}
		return builder;
	}

	static TlsOptions tls(SslBundle bundle) {
		SslManagerBundle managers = bundle.getManagers();
		SslOptions options = bundle.getOptions();
		return new TlsOptions(managers.getTrustManagerFactory(), managers.getKeyManagerFactory(),
				list(options.getCiphers()), list(options.getEnabledProtocols()));
	}

	private static List<String> list(String @Nullable [] names) {
		return (names != null) ? List.of(names) : List.of();
	}

}
