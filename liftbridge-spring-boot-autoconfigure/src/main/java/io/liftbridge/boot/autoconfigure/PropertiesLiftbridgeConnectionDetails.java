package io.liftbridge.boot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Connection details from {@code liftbridge.seeds} and {@code liftbridge.ssl}.
 */
class PropertiesLiftbridgeConnectionDetails implements LiftbridgeConnectionDetails {

	private final List<String> seeds;

	private final @Nullable SslBundle sslBundle;

	PropertiesLiftbridgeConnectionDetails(LiftbridgeProperties properties, @Nullable SslBundles bundles) {
		PropertyChecks.seeds(properties.getSeeds());
		this.seeds = List.copyOf(properties.getSeeds());
		this.sslBundle = properties.getSsl().isActive() ? bundle(properties.getSsl().getBundle(), bundles) : null;
	}

	private static SslBundle bundle(@Nullable String name, @Nullable SslBundles bundles) {
		if (!StringUtils.hasText(name)) {
			return SslBundle.systemDefault();
		}
		List<String> known = (bundles != null) ? bundles.getBundleNames() : List.of();
		if (bundles != null) {
			try {
				return bundles.getBundle(name);
			}
			catch (NoSuchSslBundleException ex) {
				// Told below, with the names that there are.
			}
		}
		throw new InvalidLiftbridgePropertyException("liftbridge.ssl.bundle", name,
				"does not exist: " + (known.isEmpty() ? "no SSL bundle is defined."
						: "the SSL bundles are " + String.join(", ", known.stream().sorted().toList()) + "."),
				", or define the bundle under spring.ssl.bundle.pem." + name + " or spring.ssl.bundle.jks." + name);
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
