package io.liftbridge.boot.autoconfigure.testcontainers;

import java.time.Duration;
import java.util.Optional;

import com.github.dockerjava.api.exception.NotFoundException;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeContainer;
import io.liftbridge.test.LiftbridgeTestTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.lifecycle.TestcontainersLifecycleApplicationContextInitializer;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * With a server in a container, from an image that is there: nothing is pulled for it.
 * {@code LIFTBRIDGE_IMAGE} names another one.
 */
class LiftbridgeServiceConnectionIT {

	private static final DockerImageName IMAGE = DockerImageName
		.parse(Optional.ofNullable(System.getenv("LIFTBRIDGE_IMAGE")).orElse("liftbridge/liftbridge:local"))
		.asCompatibleSubstituteFor(LiftbridgeContainer.IMAGE);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer(new TestcontainersLifecycleApplicationContextInitializer())
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, SslAutoConfiguration.class,
				LiftbridgeAutoConfiguration.class));

	@BeforeEach
	void needsDockerAndTheImage() {
		assumeTrue(LiftbridgeContainer.isAvailable(), LiftbridgeContainer::unavailableReason);
		assumeTrue(isPresent(), () -> "There is no image " + IMAGE + ": build it, or set LIFTBRIDGE_IMAGE");
	}

	@Test
	void theClientReachesALiftbridgeContainer() {
		this.runner.withUserConfiguration(Own.class)
			.run((context) -> publishesAndReads(context.getBean(LiftbridgeClient.class)));
	}

	/** What the broker advertises means something in its container only. */
	@Test
	void theClientReachesAnyContainerOfThatImage() {
		this.runner.withUserConfiguration(Generic.class)
			.run((context) -> publishesAndReads(context.getBean(LiftbridgeClient.class)));
	}

	private static void publishesAndReads(LiftbridgeClient client) {
		LiftbridgeTestTemplate liftbridge = LiftbridgeTestTemplate.using(client);
		client.streams().create(StreamSpec.named("orders").partitions(2));
		liftbridge.send("orders", "k1", "five");
		assertThat(liftbridge.messages("orders")).hasSize(1).first().hasKey("k1").hasText("five");
	}

	private static boolean isPresent() {
		try {
			DockerClientFactory.instance().client().inspectImageCmd(IMAGE.asCanonicalNameString()).exec();
			return true;
		}
		catch (NotFoundException ex) {
			return false;
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		@ServiceConnection
		LiftbridgeContainer liftbridge() {
			return new LiftbridgeContainer(IMAGE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Generic {

		@Bean
		@ServiceConnection(name = "liftbridge/liftbridge")
		GenericContainer<?> liftbridge() {
			String configuration = """
					listen: 0.0.0.0:9292
					host: localhost
					port: 9292
					data.dir: /tmp/liftbridge-data
					clustering.raft.bootstrap.seed: true
					nats.embedded: true
					telemetry.enabled: false
					""";
			return new GenericContainer<>(IMAGE).withExposedPorts(LiftbridgeContainer.PORT)
				.withCopyToContainer(Transferable.of(configuration), "/tmp/liftbridge.yaml")
				.withCommand("--config", "/tmp/liftbridge.yaml")
				.waitingFor(Wait.forLogMessage(".*metadata leader.*", 1).withStartupTimeout(Duration.ofMinutes(1)));
		}

	}

}
