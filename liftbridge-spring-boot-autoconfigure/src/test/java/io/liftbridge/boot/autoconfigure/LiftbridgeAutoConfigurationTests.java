package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.ManagedChannelBuilder;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.AddressResolver;
import io.liftbridge.client.cluster.BrokerSelection;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterOptions;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LiftbridgeAutoConfiguration.class));

	@Test
	void buildsAClientWithTheClientsDefaults() {
		this.runner.run((context) -> {
			ClusterOptions built = options(context.getBean(LiftbridgeClient.class));
			try (LiftbridgeClient plain = LiftbridgeClient.builder().build()) {
				assertThat(built).usingRecursiveComparison()
					.ignoringFields("clientId", "listener")
					.isEqualTo(options(plain));
			}
		});
	}

	@Test
	void appliesEachProperty() {
		this.runner
			.withPropertyValues("liftbridge.seeds=a:1, b:2", "liftbridge.client-id=billing",
					"liftbridge.connect-timeout=1s", "liftbridge.request-timeout=2s",
					"liftbridge.metadata-refresh-interval=3s", "liftbridge.max-message-size=4KB",
					"liftbridge.max-inbound-size=5KB", "liftbridge.broker-selection=lowest-latency",
					"liftbridge.stream-prefix=team-a.", "liftbridge.load-balancer.enabled=true",
					"liftbridge.load-balancer.max-retries=7", "liftbridge.retry.initial-interval=6ms",
					"liftbridge.retry.multiplier=3", "liftbridge.retry.max-interval=8s", "liftbridge.retry.jitter=0.1")
			.run((context) -> {
				ClusterOptions options = options(context.getBean(LiftbridgeClient.class));
				assertThat(options.seeds()).containsExactly(new Address("a", 1), new Address("b", 2));
				assertThat(options.clientId()).isEqualTo("billing");
				assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
				assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
				assertThat(options.refreshInterval()).isEqualTo(Duration.ofSeconds(3));
				assertThat(options.maxMessageBytes()).isEqualTo(4 * 1024);
				assertThat(options.maxInboundBytes()).isEqualTo(5 * 1024);
				assertThat(options.selection()).isEqualTo(BrokerSelection.LOWEST_LATENCY);
				assertThat(options.namespace().outer("orders")).isEqualTo("team-a.orders");
				assertThat(options.loadBalancerRetries()).isEqualTo(7);
				assertThat(options.retryPolicy())
					.isEqualTo(new RetryPolicy(Duration.ofMillis(6), 3, Duration.ofSeconds(8), 0.1));
				assertThat(options.tls()).isNull();
			});
	}

	@Test
	void encryptsWithTheJvmsTrustIfAskedWithoutABundle() {
		this.runner.withPropertyValues("liftbridge.ssl.enabled=true")
			.run((context) -> assertThat(options(context.getBean(LiftbridgeClient.class)).tls()).isNotNull());
	}

	@Test
	void encryptsWithTheBundle() {
		this.runner
			.withPropertyValues("liftbridge.ssl.bundle=mine",
					"spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/ca.crt")
			.run((context) -> assertThat(options(context.getBean(LiftbridgeClient.class)).tls()).isNotNull());
	}

	@Test
	void usesTheCiphersAndProtocolsOfTheBundle() {
		this.runner
			.withPropertyValues("liftbridge.ssl.bundle=mine",
					"spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/ca.crt",
					"spring.ssl.bundle.pem.mine.options.ciphers=TLS_AES_128_GCM_SHA256",
					"spring.ssl.bundle.pem.mine.options.enabled-protocols=TLSv1.3")
			.run((context) -> {
				TlsOptions tls = options(context.getBean(LiftbridgeClient.class)).tls();
				assertThat(tls).isNotNull();
				assertThat(tls.ciphers()).containsExactly("TLS_AES_128_GCM_SHA256");
				assertThat(tls.protocols()).containsExactly("TLSv1.3");
			});
	}

	@Test
	void doesNotEncryptIfSwitchedOffInSpiteOfABundle() {
		this.runner
			.withPropertyValues("liftbridge.ssl.bundle=mine", "liftbridge.ssl.enabled=false",
					"spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/ca.crt")
			.run((context) -> assertThat(options(context.getBean(LiftbridgeClient.class)).tls()).isNull());
	}

	@Test
	void failsForABundleThatDoesNotExist() {
		this.runner.withPropertyValues("liftbridge.ssl.bundle=none")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("liftbridge.ssl.bundle = 'none' does not exist: no SSL bundle is defined."));
	}

	@Test
	void connectionDetailsReplaceSeedsEvenIfThoseAreWrong() {
		AddressResolver resolver = (address) -> new Address("127.0.0.1", address.port());
		this.runner.withPropertyValues("liftbridge.seeds=not:an:address")
			.withBean(LiftbridgeConnectionDetails.class, () -> new LiftbridgeConnectionDetails() {

				@Override
				public List<String> getSeeds() {
					return List.of("details:1");
				}

				@Override
				public AddressResolver getAddressResolver() {
					return resolver;
				}

			})
			.run((context) -> {
				ClusterOptions options = options(context.getBean(LiftbridgeClient.class));
				assertThat(options.seeds()).containsExactly(new Address("details", 1));
				assertThat(options.resolver()).isSameAs(resolver);
			});
	}

	@Test
	void customizersHaveTheLastWordInTheirOrder() {
		this.runner.withPropertyValues("liftbridge.client-id=property")
			.withBean("b", LiftbridgeClientBuilderCustomizer.class, Last::new)
			.withBean("a", LiftbridgeClientBuilderCustomizer.class, First::new)
			.run((context) -> assertThat(options(context.getBean(LiftbridgeClient.class)).clientId())
				.isEqualTo("last"));
	}

	@Test
	void customizesEachChannelInOrder() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			List<String> told = new CopyOnWriteArrayList<>();
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address())
				.withBean("b", ChannelCustomizer.class, () -> new Second(told))
				.withBean("a", ChannelCustomizer.class, () -> new FirstOfTwo(told))
				.run((context) -> {
					context.getBean(LiftbridgeClient.class).connect().join();
					assertThat(told).startsWith("first to " + broker.address(), "second to " + broker.address());
				});
		}
	}

	@Test
	void tellsEachConnectionListener() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			List<String> told = new ArrayList<>();
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address())
				.withBean("one", ConnectionListener.class, () -> new Failing(told, "one"))
				.withBean("two", ConnectionListener.class, () -> new Failing(told, "two"))
				.run((context) -> {
					context.getBean(LiftbridgeClient.class).connect().join();
					assertThat(told).contains("one", "two");
				});
		}
	}

	@Test
	void backsOffForAClientOfTheUsers() {
		this.runner
			.withBean("mine", LiftbridgeClient.class,
					() -> LiftbridgeClient.builder().seeds("mine:1").clientId("mine").build())
			.run((context) -> assertThat(options(context.getBean(LiftbridgeClient.class)).clientId())
				.isEqualTo("mine"));
	}

	@Test
	void doesNothingWithoutTheClient() {
		this.runner.withClassLoader(new FilteredClassLoader(LiftbridgeClient.class))
			.run((context) -> assertThat(context).doesNotHaveBean(LiftbridgeConnectionDetails.class));
	}

	@Test
	void closesTheClientWithTheContext() {
		AtomicReference<LiftbridgeClient> client = new AtomicReference<>();
		this.runner.run((context) -> {
			client.set(context.getBean(LiftbridgeClient.class));
			assertThat(client.get().isClosed()).isFalse();
		});
		assertThat(client.get().isClosed()).isTrue();
	}

	private static ClusterOptions options(LiftbridgeClient client) {
		Cluster cluster = (Cluster) ReflectionTestUtils.getField(client, "cluster");
		assertThat(cluster).isNotNull();
		return cluster.options();
	}

	@Order(1)
	static class First implements LiftbridgeClientBuilderCustomizer {

		@Override
		public void customize(LiftbridgeClientBuilder builder) {
			builder.clientId("first");
		}

	}

	@Order(2)
	static class Last implements LiftbridgeClientBuilderCustomizer {

		@Override
		public void customize(LiftbridgeClientBuilder builder) {
			builder.clientId("last");
		}

	}

	@Order(1)
	private record FirstOfTwo(List<String> told) implements ChannelCustomizer {

		@Override
		public void customize(Address broker, ManagedChannelBuilder<?> channel) {
			this.told.add("first to " + broker);
		}

	}

	@Order(2)
	private record Second(List<String> told) implements ChannelCustomizer {

		@Override
		public void customize(Address broker, ManagedChannelBuilder<?> channel) {
			this.told.add("second to " + broker);
		}

	}

	private record Failing(List<String> told, String name) implements ConnectionListener {

		@Override
		public void onUp(BrokerStatus broker) {
			this.told.add(this.name);
			throw new IllegalStateException("Listener that fails");
		}

	}

}
