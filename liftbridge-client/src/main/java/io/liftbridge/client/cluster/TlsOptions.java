package io.liftbridge.client.cluster;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted. Host names are verified.
 *
 * @param trust decides which servers are trusted; {@code null} for the JVM's defaults
 * @param keys this client's certificate, which is its identity for the server's access
 * control; {@code null} for none
 */
public record TlsOptions(@Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory keys) {

	@Override
	public String toString() {
		return "TlsOptions[client certificate: " + (this.keys != null) + "]";
	}

}
