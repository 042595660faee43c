package io.liftbridge.boot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Connection details from {@code liftbridge.seeds} and {@code liftbridge.ssl}.
 */
class PropertiesLiftbridgeConnectionDetails implements LiftbridgeConnectionDetails {

	private final List<String> seeds;

	private final @Nullable SslBundle sslBundle;

	PropertiesLiftbridgeConnectionDetails(LiftbridgeProperties properties, @Nullable SslBundles bundles) {
		PropertyChecks.seeds(properties.getSeeds());
		this.seeds = List.copyOf(properties.getSeeds());
		this.sslBundle = properties.getSsl().resolve(bundles);
	}

	@Override
	public List<String> getSeeds() {
		return this.seeds;
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		return this.sslBundle;
	}

}
