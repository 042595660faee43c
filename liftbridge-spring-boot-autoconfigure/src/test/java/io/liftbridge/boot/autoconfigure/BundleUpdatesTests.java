package io.liftbridge.boot.autoconfigure;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.TlsOptions;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

class BundleUpdatesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LiftbridgeAutoConfiguration.class))
		.withPropertyValues("liftbridge.ssl.bundle=mine",
				"spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/ca.crt");

	@Test
	void theClientTrustsWhomTheChangedBundleTrusts() {
		this.runner.run((context) -> {
			assertThat(trusted(context)).hasSize(1);
			context.getBean(SslBundleRegistry.class).updateBundle("mine", SslBundle.systemDefault());
			assertThat(trusted(context)).hasSizeGreaterThan(1);
		});
	}

	@Test
	void aChangeThatCannotBeUsedLeavesWhatThereWas() {
		this.runner.run((context) -> {
			context.getBean(SslBundleRegistry.class).updateBundle("mine", broken());
			assertThat(trusted(context)).hasSize(1);
			context.getBean(SslBundleRegistry.class).updateBundle("mine", SslBundle.systemDefault());
			assertThat(trusted(context)).hasSizeGreaterThan(1);
		});
	}

	@Test
	void aBundleOfConnectionDetailsIsTakenAsItIs() {
		this.runner.withBean(LiftbridgeConnectionDetails.class, () -> new LiftbridgeConnectionDetails() {

			@Override
			public List<String> getSeeds() {
				return List.of("details:1");
			}

			@Override
			public SslBundle getSslBundle() {
				return SslBundle.systemDefault();
			}

		}).run((context) -> {
			int before = trusted(context).size();
			assertThat(before).isGreaterThan(1);
			SslBundles bundles = context.getBean(SslBundles.class);
			context.getBean(SslBundleRegistry.class).updateBundle("mine", bundles.getBundle("mine"));
			assertThat(trusted(context)).hasSize(before);
		});
	}

	@Test
	void aBundleWithATrustManagerOfTheApplicationsOwnIsTakenAsItIs() {
		SslBundle own = SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.NONE, "TLS",
				SslManagerBundle.from(new TrustAll()));
		this.runner.withPropertyValues("liftbridge.ssl.bundle=own")
			.withBean(SslBundleRegistrar.class, () -> (registry) -> registry.registerBundle("own", own))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(tls(context).trust()).isSameAs(own.getManagers().getTrustManagerFactory());
			});
	}

	private static List<X509Certificate> trusted(ApplicationContext context) {
		return Arrays.stream(tls(context).trust().getTrustManagers())
			.map(X509ExtendedTrustManager.class::cast)
			.flatMap((manager) -> Arrays.stream(manager.getAcceptedIssuers()))
			.toList();
	}

	private static TlsOptions tls(ApplicationContext context) {
		Cluster cluster = (Cluster) ReflectionTestUtils.getField(context.getBean(LiftbridgeClient.class), "cluster");
		assertThat(cluster).isNotNull();
		TlsOptions tls = cluster.options().tls();
		assertThat(tls).isNotNull();
		assertThat(tls.trust()).isNotNull();
		return tls;
	}

	/** Not of the extended kind. */
	private static final class TrustAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

	private static SslBundle broken() {
		return SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.NONE, "TLS", new SslManagerBundle() {

			@Override
			public KeyManagerFactory getKeyManagerFactory() {
				throw new IllegalStateException("Half of it is missing");
			}

			@Override
			public TrustManagerFactory getTrustManagerFactory() {
				throw new IllegalStateException("Half of it is missing");
			}

		});
	}

}
