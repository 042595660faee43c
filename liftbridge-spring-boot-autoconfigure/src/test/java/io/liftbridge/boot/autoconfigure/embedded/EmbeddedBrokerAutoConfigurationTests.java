package io.liftbridge.boot.autoconfigure.embedded;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.boot.autoconfigure.InvalidLiftbridgePropertyException;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedBrokerAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class));

	@Test
	void startsNothingUnlessAsked() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(EmbeddedBroker.class);
			assertThat(context.getBean(LiftbridgeConnectionDetails.class).getSeeds()).containsExactly("localhost:9292");
		});
	}

	@Test
	void startsNothingIfSwitchedOff() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EmbeddedBroker.class));
	}

	@Test
	void runsABrokerThatTheClientReaches() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true").run((context) -> {
			EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
			assertThat(context.getBean(LiftbridgeConnectionDetails.class).getSeeds()).containsExactly(broker.address());
			LiftbridgeClient client = context.getBean(LiftbridgeClient.class);
			assertThat(client.streams().createIfAbsent(StreamSpec.named("orders"))).isTrue();
			assertThat(client.brokers()).extracting((status) -> status.address().port()).containsExactly(broker.port());
		});
	}

	@Test
	void runsSeveralApplicationsBesideEachOther() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.run((first) -> this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
				.run((second) -> assertThat(first.getBean(EmbeddedBroker.class).port())
					.isNotEqualTo(second.getBean(EmbeddedBroker.class).port())));
	}

	@Test
	void listensOnTheGivenPort() throws Exception {
		int port;
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = free.getLocalPort();
		}
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.embedded.port=" + port)
			.run((context) -> assertThat(context.getBean(EmbeddedBroker.class).port()).isEqualTo(port));
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			this.runner
				.withPropertyValues("liftbridge.embedded.enabled=true",
						"liftbridge.embedded.port=" + taken.getLocalPort())
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining(
							"liftbridge.embedded.port = '" + taken.getLocalPort() + "' cannot be used"));
		}
	}

	@Test
	void keepsWhatIsInItsDirectory(@TempDir Path temporary) {
		ApplicationContextRunner keeping = this.runner.withPropertyValues("liftbridge.embedded.enabled=true",
				"liftbridge.embedded.directory=" + temporary.resolve("broker"));
		keeping.run((context) -> context.getBean(LiftbridgeClient.class).streams().create(StreamSpec.named("orders")));
		keeping.run((context) -> assertThat(
				context.getBean(LiftbridgeClient.class).streams().createIfAbsent(StreamSpec.named("orders")))
			.isFalse());
	}

	@Test
	void saysThatTheDirectoryIsInUse(@TempDir Path temporary) {
		try (EmbeddedBroker other = EmbeddedBroker.builder().directory(temporary).start()) {
			assertThat(other.isRunning()).isTrue();
			this.runner
				.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.embedded.directory=" + temporary)
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("liftbridge.embedded.directory = '" + temporary + "' cannot be used")
					.hasStackTraceContaining("in use by another"));
		}
	}

	@Test
	void seedsWinOverTheBroker() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.seeds=example.org:9292")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(EmbeddedBroker.class);
				assertThat(context.getBean(LiftbridgeConnectionDetails.class).getSeeds())
					.containsExactly("example.org:9292");
			});
	}

	@Test
	void seedsGivenOneByOneWinOverTheBroker() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.seeds[0]=example.org:9292")
			.run((context) -> assertThat(context).doesNotHaveBean(EmbeddedBroker.class));
	}

	@Test
	void seedsFromTheEnvironmentWinOverTheBroker() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.withSystemProperties("liftbridge.seeds=example.org:9292")
			.run((context) -> assertThat(context).doesNotHaveBean(EmbeddedBroker.class));
	}

	@Test
	void emptySeedsDoNotWin() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.seeds=")
			.run((context) -> assertThat(context).hasSingleBean(EmbeddedBroker.class));
	}

	@Test
	void connectionDetailsWinOverTheBroker() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.withBean(LiftbridgeConnectionDetails.class, () -> () -> List.of("example.org:9292"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(EmbeddedBroker.class);
				assertThat(context).hasSingleBean(LiftbridgeConnectionDetails.class);
			});
	}

	@Test
	void usesABrokerOfTheUsers() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.withBean("mine", EmbeddedBroker.class, EmbeddedBroker::start)
			.run((context) -> {
				assertThat(context).hasSingleBean(EmbeddedBroker.class);
				assertThat(context.getBean(LiftbridgeConnectionDetails.class).getSeeds())
					.containsExactly(context.getBean("mine", EmbeddedBroker.class).address());
			});
	}

	@Test
	void stopsAfterAllThatUsesTheClient() {
		AtomicReference<EmbeddedBroker> broker = new AtomicReference<>();
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.withUserConfiguration(UserOfTheClient.class)
			.run((context) -> {
				broker.set(context.getBean(EmbeddedBroker.class));
				assertThat(broker.get().isRunning()).isTrue();
				UserOfTheClient.worked.set(false);
			});
		assertThat(UserOfTheClient.worked).isTrue();
		assertThat(broker.get().isRunning()).isFalse();
	}

	@Test
	void failsWithoutTheModule() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true")
			.withClassLoader(new FilteredClassLoader(EmbeddedBroker.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidLiftbridgePropertyException.class)
				.hasMessage("liftbridge.embedded.enabled = 'true' cannot be fulfilled: liftbridge-embedded is not on "
						+ "the class path."));
	}

	@Test
	void needsNoModuleIfThereAreSeeds() {
		this.runner.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.seeds=example.org:9292")
			.withClassLoader(new FilteredClassLoader(EmbeddedBroker.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	static class UserOfTheClient {

		private static final AtomicBoolean worked = new AtomicBoolean();

		@Bean
		DisposableBean lastWords(LiftbridgeClient client) {
			return () -> {
				client.streams().create(StreamSpec.named("last-words"));
				worked.set(true);
			};
		}

	}

}
