package io.liftbridge.boot.autoconfigure;

import java.io.UncheckedIOException;
import java.util.Arrays;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.liftbridge.client.cluster.ReplaceableTls;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Hands the changes of an SSL bundle on to the client: a bundle with
 * {@code reload-on-update}, or one that the application replaces.
 */
final class BundleUpdates {

	private static final Logger logger = LoggerFactory.getLogger(BundleUpdates.class);

	private BundleUpdates() {
	}

	/**
	 * Makes options of a bundle, which follow it if it is the one of
	 * {@code liftbridge.ssl.bundle}. A bundle that connection details have from elsewhere
	 * has no name by which its changes could be asked for.
	 */
	static TlsOptions follow(SslBundle bundle, SslProperties properties, @Nullable SslBundles bundles) {
		String name = properties.getBundle();
		if (bundles == null || name == null || !bundles.getBundleNames().contains(name)
				|| bundles.getBundle(name) != bundle) {
			return LiftbridgeClientMapper.tls(bundle);
		}
		if (!isReplaceable(name, bundle)) {
			logger.info(
					"Changes of the SSL bundle '{}' need a restart, as its managers are of the application's own kind",
					name);
			return LiftbridgeClientMapper.tls(bundle);
		}
		ReplaceableTls tls = first(name, bundle);
		bundles.addBundleUpdateHandler(name, (changed) -> replace(name, changed, tls));
		return tls.options();
	}

	/** The JVM looks after others in a way of its own, host names for instance. */
	private static boolean isReplaceable(String name, SslBundle bundle) {
		try {
			SslManagerBundle managers = bundle.getManagers();
			return Arrays.stream(managers.getTrustManagers()).anyMatch(X509ExtendedTrustManager.class::isInstance)
					&& Arrays.stream(managers.getKeyManagers()).anyMatch(X509ExtendedKeyManager.class::isInstance);
		}
		catch (IllegalStateException | UncheckedIOException ex) {
			throw SslProperties.unusable(name, ex);
		}
	}

	private static ReplaceableTls first(String name, SslBundle bundle) {
		try {
			return new ReplaceableTls(LiftbridgeClientMapper.tls(bundle));
		}
		catch (InvalidRequestException | IllegalStateException | UncheckedIOException ex) {
			throw SslProperties.unusable(name, ex);
		}
	}

	/** Who waits for the next change must not be disturbed by a bundle that is broken. */
	private static void replace(String name, SslBundle changed, ReplaceableTls tls) {
		try {
			tls.replace(LiftbridgeClientMapper.tls(changed));
			logger.info("New connections use what has changed in the SSL bundle '{}'", name);
		}
		catch (InvalidRequestException | IllegalStateException | UncheckedIOException ex) {
			logger.warn("The changed SSL bundle '{}' cannot be used, going on with what was there before: {}", name,
					ex.getMessage());
		}
	}

}
