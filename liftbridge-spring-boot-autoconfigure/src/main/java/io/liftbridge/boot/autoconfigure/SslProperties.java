package io.liftbridge.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

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

}
