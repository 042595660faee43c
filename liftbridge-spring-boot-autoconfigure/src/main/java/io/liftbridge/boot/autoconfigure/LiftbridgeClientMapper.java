package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.producer.ProducerMetrics;

import org.springframework.boot.context.properties.PropertyMapper;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.unit.DataSize;

/**
 * Makes a client builder of properties and connection details.
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
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getClientId).to(builder::clientId);
		map.from(properties::getConnectTimeout).to(builder::connectTimeout);
		map.from(properties::getRequestTimeout).to(builder::requestTimeout);
		map.from(properties::getMetadataRefreshInterval).to(builder::metadataRefreshInterval);
		map.from(properties::getMaxMessageSize).asInt(DataSize::toBytes).to(builder::maxMessageBytes);
		map.from(properties::getMaxInboundSize).asInt(DataSize::toBytes).to(builder::maxInboundBytes);
		map.from(properties::getBrokerSelection).to(builder::brokerSelection);
		map.from(properties::getStreamPrefix).to(builder::streamPrefix);
		LoadBalancerProperties loadBalancer = properties.getLoadBalancer();
		builder.loadBalancer(loadBalancer.isEnabled(), loadBalancer.getMaxRetries());
		ClientRetryProperties retry = properties.getRetry();
		builder.retryPolicy(new RetryPolicy(retry.getInitialInterval(), retry.getMultiplier(), retry.getMaxInterval(),
				retry.getJitter()));
		map.from(details::getSslBundle)
			.as((bundle) -> BundleUpdates.follow(bundle, properties.getSsl(), bundles))
			.to(builder::tls);
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
