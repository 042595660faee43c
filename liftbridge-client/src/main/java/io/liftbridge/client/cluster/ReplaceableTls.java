package io.liftbridge.client.cluster;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Trust and identity that can be replaced while a client uses them, for instance because
 * certificates have been renewed. Connections made from then on use the new ones; those
 * that there are live on, as TLS asks for certificates only once. Cipher suites and
 * protocols stay as they were at first. Safe for use by several threads.
 */
public final class ReplaceableTls {

	private final ReentrantLock lock = new ReentrantLock();

	private final TlsOptions options;

	private int generation;

	private volatile X509ExtendedTrustManager trust;

	private volatile X509ExtendedKeyManager keys;

	/**
	 * Begins with these.
	 * @param first trust and identity, cipher suites and protocols
	 * @throws InvalidRequestException if the JVM can do nothing with them
	 */
	public ReplaceableTls(TlsOptions first) {
		this.trust = trust(first);
		this.keys = keys(first, this.generation);
		this.options = new TlsOptions(ReloadingManagers.trust(() -> this.trust),
				ReloadingManagers.keys(() -> this.keys), first.ciphers(), first.protocols());
	}

	/**
	 * Options for a client, which follow what is replaced here.
	 * @return the options, always the same
	 */
	public TlsOptions options() {
		return this.options;
	}

	/**
	 * Replaces trust and identity, both or none of them.
	 * @param next what connections are to use from now on
	 * @throws InvalidRequestException if the JVM can do nothing with them; what there was
	 * stays in use
	 */
	public void replace(TlsOptions next) {
		this.lock.lock();
		try {
			X509ExtendedTrustManager nextTrust = trust(next);
			X509ExtendedKeyManager nextKeys = keys(next, this.generation + 1);
			this.generation++;
			this.trust = nextTrust;
			this.keys = nextKeys;
		}
		finally {
			this.lock.unlock();
		}
	}

	private static X509ExtendedTrustManager trust(TlsOptions options) {
		try {
			return first(X509ExtendedTrustManager.class, trustFactory(options.trust()).getTrustManagers());
		}
		catch (GeneralSecurityException | IllegalStateException ex) {
			throw invalid("trusted certificates", ex);
		}
	}

	private static TrustManagerFactory trustFactory(@Nullable TrustManagerFactory given)
			throws GeneralSecurityException {
		if (given != null) {
			return given;
		}
		TrustManagerFactory ofTheJvm = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		ofTheJvm.init((KeyStore) null);
		return ofTheJvm;
	}

	/** Without a certificate there is still a manager: one may come later. */
	private static X509ExtendedKeyManager keys(TlsOptions options, int generation) {
		try {
			return new ReloadingManagers.Generation(
					first(X509ExtendedKeyManager.class, keyFactory(options.keys()).getKeyManagers()), generation);
		}
		catch (GeneralSecurityException | IllegalStateException ex) {
			throw invalid("certificate and key", ex);
		}
	}

	private static KeyManagerFactory keyFactory(@Nullable KeyManagerFactory given) throws GeneralSecurityException {
		if (given != null) {
			return given;
		}
		KeyManagerFactory empty = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		empty.init(null, null);
		return empty;
	}

	private static <T> T first(Class<T> type, Object[] managers) throws GeneralSecurityException {
		return Arrays.stream(managers)
			.filter(type::isInstance)
			.map(type::cast)
			.findFirst()
			.orElseThrow(() -> new GeneralSecurityException("there is no " + type.getSimpleName()));
	}

	private static InvalidRequestException invalid(String what, Exception ex) {
		return new InvalidRequestException("TLS cannot be set up: the " + what + " cannot be used: " + ex.getMessage(),
				ex);
	}

	@Override
	public String toString() {
		return "ReplaceableTls[" + this.options + "]";
	}

}
