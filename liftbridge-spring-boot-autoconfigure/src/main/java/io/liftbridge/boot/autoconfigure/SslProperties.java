package io.liftbridge.boot.autoconfigure;

import java.io.UncheckedIOException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.StringUtils;

/**
 * What can be set under {@code liftbridge.ssl}.
 */
public class SslProperties {

	/**
	 * Whether connections are encrypted. Enabled automatically if a bundle is named.
	 * Without a bundle the JVM decides whom to trust.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Name of the SSL bundle with the trusted certificates and this client's own.
	 */
	private @Nullable String bundle;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getBundle() {
		return this.bundle;
	}

	public void setBundle(@Nullable String bundle) {
		this.bundle = bundle;
	}

	/**
	 * Whether connections are to be encrypted.
	 * @return what was asked for, else whether a bundle is named
	 */
	public boolean isActive() {
		return (this.enabled != null) ? this.enabled : this.bundle != null && !this.bundle.isBlank();
	}

	/**
	 * Finds the bundle.
	 * @param bundles the application's bundles, or {@code null} if it has none
	 * @return the bundle, or {@code null} if connections are not to be encrypted
	 * @throws InvalidLiftbridgePropertyException if there is no bundle of that name
	 */
	public @Nullable SslBundle resolve(@Nullable SslBundles bundles) {
		return isActive() ? bundle(this.bundle, bundles) : null;
	}

	/**
	 * A file that is missing, a password that is wrong, a cipher suite that there is not.
	 */
	static InvalidLiftbridgePropertyException unusable(String bundle, Exception problem) {
		String what = String.valueOf(problem.getMessage());
		String first = String.valueOf(NestedExceptionUtils.getMostSpecificCause(problem).getMessage());
		return new InvalidLiftbridgePropertyException("liftbridge.ssl.bundle", bundle,
				"cannot be used: " + (what.contains(first) ? what : what + " (" + first + ")"),
				", or the bundle under spring.ssl.bundle", problem);
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
			catch (IllegalStateException | UncheckedIOException ex) {
				throw unusable(name, ex);
			}
		}
		throw new InvalidLiftbridgePropertyException("liftbridge.ssl.bundle", name,
				"does not exist: " + (known.isEmpty() ? "no SSL bundle is defined."
						: "the SSL bundles are " + String.join(", ", known.stream().sorted().toList()) + "."),
				", or define the bundle under spring.ssl.bundle.pem." + name + " or spring.ssl.bundle.jks." + name);
	}

}
