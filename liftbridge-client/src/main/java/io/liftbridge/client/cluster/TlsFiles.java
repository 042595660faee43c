package io.liftbridge.client.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Collects files with certificates and keys for {@link TlsOptions}. The files are read
 * again when they have changed: connections made from then on use what is in them. A file
 * that cannot be read by then is logged, and what was read before stays in use. Not safe
 * for use by several threads.
 *
 * <pre>{@code
 * TlsOptions tls = TlsOptions.files()
 *     .trustPem(Path.of("/etc/liftbridge/ca.pem"))
 *     .identityPem(Path.of("/etc/liftbridge/client.pem"), Path.of("/etc/liftbridge/client.key"))
 *     .build();
 * }</pre>
 */
public final class TlsFiles {

	/** Keys in memory are locked with nothing: who can read them there needs no lock. */
	private static final char[] UNLOCKED = new char[0];

	private @Nullable WatchedFiles<X509ExtendedTrustManager> trust;

	private @Nullable WatchedFiles<X509ExtendedKeyManager> identity;

	private Duration checkInterval = Duration.ofSeconds(10);

	private List<String> ciphers = List.of();

	private List<String> protocols = List.of();

	TlsFiles() {
	}

	/**
	 * Trusts servers whose certificate is signed by one of these.
	 * @param certificates a PEM file with one or several certificates
	 * @return this
	 */
	public TlsFiles trustPem(Path certificates) {
		this.trust = new WatchedFiles<>("trusted certificates", List.of(certificates), (generation) -> {
			KeyStore store = emptyStore();
			List<Certificate> all = PemFile.certificates(certificates);
			for (int i = 0; i < all.size(); i++) {
				store.setCertificateEntry("trusted-" + i, all.get(i));
			}
			return trustManager(store);
		});
		return this;
	}

	/**
	 * Trusts servers whose certificate is signed by one of these.
	 * @param store a key store with certificates, PKCS12 or JKS
	 * @param password its password
	 * @return this
	 */
	public TlsFiles trustStore(Path store, String password) {
		char[] secret = password.toCharArray();
		this.trust = new WatchedFiles<>("trust store", List.of(store),
				(generation) -> trustManager(load(store, secret)));
		return this;
	}

	/**
	 * Shows servers a certificate, for mutual TLS.
	 * @param certificates a PEM file with the certificate, and those that lead to its
	 * authority
	 * @param key a PEM file with its private key, in PKCS#8 without password
	 * @return this
	 */
	public TlsFiles identityPem(Path certificates, Path key) {
		return identityPem(certificates, key, null);
	}

	/**
	 * Shows servers a certificate, for mutual TLS.
	 * @param certificates a PEM file with the certificate, and those that lead to its
	 * authority
	 * @param key a PEM file with its private key, in PKCS#8
	 * @param password the key's password, {@code null} for none
	 * @return this
	 */
	public TlsFiles identityPem(Path certificates, Path key, @Nullable String password) {
		char[] secret = (password != null) ? password.toCharArray() : null;
		this.identity = new WatchedFiles<>("certificate and key", List.of(certificates, key), (generation) -> {
			KeyStore store = emptyStore();
			PrivateKey privateKey = PemFile.privateKey(key, secret);
			Certificate[] chain = PemFile.certificates(certificates).toArray(Certificate[]::new);
			store.setKeyEntry("identity", privateKey, UNLOCKED, chain);
			return keyManager(store, UNLOCKED, generation);
		});
		return this;
	}

	/**
	 * Shows servers a certificate, for mutual TLS.
	 * @param store a key store with a certificate and its key, PKCS12 or JKS
	 * @param password the password of the store and of the key
	 * @return this
	 */
	public TlsFiles identityStore(Path store, String password) {
		char[] secret = password.toCharArray();
		this.identity = new WatchedFiles<>("key store", List.of(store),
				(generation) -> keyManager(load(store, secret), secret, generation));
		return this;
	}

	/**
	 * Sets how often, at the most, the files are looked at for changes. That happens when
	 * a connection is made.
	 * @param interval default 10 s; zero for each connection
	 * @return this
	 */
	public TlsFiles checkInterval(Duration interval) {
		if (interval.isNegative()) {
			throw new InvalidRequestException("TLS option checkInterval is " + interval + "; it must not be negative.",
					null);
		}
		this.checkInterval = Bounds.atMost("TLS option checkInterval", interval, Bounds.YEAR);
		return this;
	}

	/**
	 * Limits the cipher suites.
	 * @param names as the JDK names them; default: those that HTTP/2 recommends
	 * @return this
	 */
	public TlsFiles ciphers(String... names) {
		this.ciphers = List.of(names);
		return this;
	}

	/**
	 * Limits the protocols.
	 * @param names for instance {@code TLSv1.3}; default: those of the JVM
	 * @return this
	 */
	public TlsFiles protocols(String... names) {
		this.protocols = List.of(names);
		return this;
	}

	/**
	 * Reads the files.
	 * @return the options
	 * @throws InvalidRequestException if a file cannot be read or is not what it should
	 * be; the message names it, and nothing that is in it
	 */
	public TlsOptions build() {
		TrustManagerFactory trusted = null;
		if (this.trust != null) {
			this.trust.load(this.checkInterval);
			trusted = ReloadingManagers.trust(this.trust);
		}
		KeyManagerFactory keys = null;
		if (this.identity != null) {
			this.identity.load(this.checkInterval);
			keys = ReloadingManagers.keys(this.identity);
		}
		return new TlsOptions(trusted, keys, this.ciphers, this.protocols);
	}

	private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	/** The JDK tells JKS from PKCS12 by itself. */
	private static KeyStore load(Path file, char[] password) throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, password);
		}
		return store;
	}

	private static X509ExtendedTrustManager trustManager(KeyStore store) throws GeneralSecurityException {
		if (store.size() == 0) {
			throw new GeneralSecurityException("there is no certificate in it");
		}
		TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
		factory.init(store);
		for (TrustManager manager : factory.getTrustManagers()) {
			if (manager instanceof X509ExtendedTrustManager found) {
				return found;
			}
		}
		throw new GeneralSecurityException("the JVM has no X.509 trust manager");
	}

	private static X509ExtendedKeyManager keyManager(KeyStore store, char[] password, int generation)
			throws GeneralSecurityException {
		KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
		factory.init(store, password);
		for (KeyManager manager : factory.getKeyManagers()) {
			if (manager instanceof X509ExtendedKeyManager found) {
				return new ReloadingManagers.Generation(found, generation);
			}
		}
		throw new GeneralSecurityException("the JVM has no X.509 key manager");
	}

	@Override
	public String toString() {
		return "TlsFiles[trust: " + this.trust + ", identity: " + this.identity + "]";
	}

}
