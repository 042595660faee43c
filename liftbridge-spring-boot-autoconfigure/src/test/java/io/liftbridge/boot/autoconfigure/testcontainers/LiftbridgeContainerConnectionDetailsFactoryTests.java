package io.liftbridge.boot.autoconfigure.testcontainers;

import java.util.List;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A container that needs no engine: the embedded broker stands in for what would be in
 * it.
 */
class LiftbridgeContainerConnectionDetailsFactoryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, SslAutoConfiguration.class,
				EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class));

	@Test
	void theClientGoesToTheMappedPortOfTheContainer() {
		this.runner.withUserConfiguration(Generic.class).run((context) -> {
			StandIn container = context.getBean(StandIn.class);
			LiftbridgeConnectionDetails details = context.getBean(LiftbridgeConnectionDetails.class);
			assertThat(details.getSeeds()).containsExactly(container.broker.address());
			assertThat(details.getAddressResolver().resolve(new Address("0.0.0.0", 9292)))
				.isEqualTo(Address.parse(container.broker.address()));
			assertThat(details.getSslBundle()).isNull();
			context.getBean(LiftbridgeClient.class).connect().join();
		});
	}

	@Test
	void wins() {
		this.runner.withUserConfiguration(Generic.class)
			.withPropertyValues("liftbridge.seeds=not:an:address", "liftbridge.embedded.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(LiftbridgeConnectionDetails.class)
				.hasSingleBean(LiftbridgeClient.class)
				.doesNotHaveBean("liftbridgeEmbeddedBroker"));
	}

	@Test
	void detailsOfTheApplicationWin() {
		this.runner.withUserConfiguration(Own.class)
			.run((context) -> assertThat(context.getBean(LiftbridgeConnectionDetails.class).getSeeds())
				.containsExactly("own:9292"));
	}

	@Test
	void leavesOtherContainersAlone() {
		this.runner.withUserConfiguration(Other.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("ConnectionDetails"));
	}

	@Test
	void testcontainersAreNotNeeded() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LiftbridgeAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.testcontainers", "org.springframework.boot.testcontainers",
					"org.springframework.boot.docker"))
			.run((context) -> assertThat(context).hasSingleBean(LiftbridgeClient.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Generic {

		@Bean
		@ServiceConnection(name = "liftbridge/liftbridge")
		StandIn liftbridge() {
			return new StandIn("liftbridge/liftbridge:local");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own extends Generic {

		@Bean
		LiftbridgeConnectionDetails own() {
			return () -> List.of("own:9292");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Other {

		@Bean
		@ServiceConnection(name = "unknown")
		StandIn unknown() {
			return new StandIn("unknown:local");
		}

	}

	static class StandIn extends GenericContainer<StandIn> {

		private final EmbeddedBroker broker = EmbeddedBroker.start();

		StandIn(String image) {
			super(DockerImageName.parse(image));
			withExposedPorts(4222, 9292);
		}

		@Override
		public void start() {
		}

		@Override
		public void stop() {
			this.broker.close();
		}

		@Override
		public String getHost() {
			return this.broker.host();
		}

		@Override
		public Integer getMappedPort(int originalPort) {
			return (originalPort == 9292) ? this.broker.port() : 1;
		}

	}

}
