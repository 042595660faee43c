package io.liftbridge.client.cluster;

import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted. Host names are verified.
 *
 * @param trust decides which servers are trusted; {@code null} for the JVM's defaults
 * @param keys this client's certificate, which is its identity for the server's access
 * control; {@code null} for none
 * @param ciphers names of the cipher suites that may be used, as the JDK names them;
 * empty for those that HTTP/2 recommends
 * @param protocols names of the protocols that may be used, for instance {@code TLSv1.3};
 * empty for the defaults
 */
public record TlsOptions(@Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory keys, List<String> ciphers,
		List<String> protocols) {

	/**
	 * Creates options.
	 * @param trust decides which servers are trusted
	 * @param keys this client's certificate
	 * @param ciphers names of the cipher suites that may be used
	 * @param protocols names of the protocols that may be used
	 */
	public TlsOptions {
		ciphers = List.copyOf(ciphers);
		protocols = List.copyOf(protocols);
	}

	/**
	 * Creates options with the default cipher suites and protocols.
	 * @param trust decides which servers are trusted; {@code null} for the JVM's defaults
	 * @param keys this client's certificate; {@code null} for none
	 */
	public TlsOptions(@Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory keys) {
		this(trust, keys, List.of(), List.of());
	}

	/**
	 * Starts options from files with certificates and keys, which are read again when
	 * they change.
	 * @return a builder
	 */
	public static TlsFiles files() {
		return new TlsFiles();
	}

	@Override
	public String toString() {
		return "TlsOptions[client certificate: " + (this.keys != null) + "]";
	}

}
