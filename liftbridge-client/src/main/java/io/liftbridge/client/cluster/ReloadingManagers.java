package io.liftbridge.client.cluster;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Managers of trust and keys that are asked for anew for each connection.
 */
final class ReloadingManagers {

	private ReloadingManagers() {
	}

	static TrustManagerFactory trust(Supplier<X509ExtendedTrustManager> current) {
		TrustManager[] managers = { new ReloadingTrust(current) };
		return new TrustManagerFactory(new TrustManagerFactorySpi() {

			@Override
			protected void engineInit(@Nullable KeyStore store) {
			}

			@Override
			protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
			}

			@Override
			protected TrustManager[] engineGetTrustManagers() {
				return managers;
			}

		}, provider(), "reloading") {
		};
	}

	static KeyManagerFactory keys(Supplier<X509ExtendedKeyManager> current) {
		KeyManager[] managers = { new ForwardingKeys(current) };
		return new KeyManagerFactory(new KeyManagerFactorySpi() {

			@Override
			protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
			}

			@Override
			protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
			}

			@Override
			protected KeyManager[] engineGetKeyManagers() {
				return managers;
			}

		}, provider(), "reloading") {
		};
	}

	private static Provider provider() {
		return new Provider("liftbridge-reloading", "1", "certificates and keys that change") {

			private static final long serialVersionUID = 1L;

		};
	}

	private static final class ReloadingTrust extends X509ExtendedTrustManager {

		private final Supplier<X509ExtendedTrustManager> current;

		ReloadingTrust(Supplier<X509ExtendedTrustManager> current) {
			this.current = current;
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
				throws CertificateException {
			this.current.get().checkServerTrusted(chain, type, engine);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
				throws CertificateException {
			this.current.get().checkServerTrusted(chain, type, socket);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
			this.current.get().checkServerTrusted(chain, type);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
				throws CertificateException {
			this.current.get().checkClientTrusted(chain, type, engine);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
				throws CertificateException {
			this.current.get().checkClientTrusted(chain, type, socket);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
			this.current.get().checkClientTrusted(chain, type);
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return this.current.get().getAcceptedIssuers();
		}

	}

	private static class ForwardingKeys extends X509ExtendedKeyManager {

		private final Supplier<X509ExtendedKeyManager> next;

		ForwardingKeys(Supplier<X509ExtendedKeyManager> next) {
			this.next = next;
		}

		@Override
		public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
			return this.next.get().getClientAliases(type, issuers);
		}

		@Override
		public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers,
				@Nullable Socket socket) {
			return this.next.get().chooseClientAlias(types, issuers, socket);
		}

		@Override
		public @Nullable String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers,
				@Nullable SSLEngine engine) {
			return this.next.get().chooseEngineClientAlias(types, issuers, engine);
		}

		@Override
		public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
			return null;
		}

		@Override
		public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers,
				@Nullable Socket socket) {
			return null;
		}

		@Override
		public X509Certificate @Nullable [] getCertificateChain(String alias) {
			return this.next.get().getCertificateChain(alias);
		}

		@Override
		public @Nullable PrivateKey getPrivateKey(String alias) {
			return this.next.get().getPrivateKey(alias);
		}

	}

	/**
	 * Names its keys anew: the TLS library keeps what it has read under a name.
	 */
	static final class Generation extends ForwardingKeys {

		private final String prefix;

		Generation(X509ExtendedKeyManager next, int generation) {
			super(() -> next);
			this.prefix = generation + ":";
		}

		@Override
		public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers,
				@Nullable Socket socket) {
			return named(super.chooseClientAlias(types, issuers, socket));
		}

		@Override
		public @Nullable String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers,
				@Nullable SSLEngine engine) {
			return named(super.chooseEngineClientAlias(types, issuers, engine));
		}

		private @Nullable String named(@Nullable String alias) {
			return (alias != null) ? this.prefix + alias : null;
		}

		/** Under a name from before a change there is nothing any more. */
		@Override
		public X509Certificate @Nullable [] getCertificateChain(String alias) {
			return alias.startsWith(this.prefix) ? super.getCertificateChain(alias.substring(this.prefix.length()))
					: null;
		}

		@Override
		public @Nullable PrivateKey getPrivateKey(String alias) {
			return alias.startsWith(this.prefix) ? super.getPrivateKey(alias.substring(this.prefix.length())) : null;
		}

	}

}
