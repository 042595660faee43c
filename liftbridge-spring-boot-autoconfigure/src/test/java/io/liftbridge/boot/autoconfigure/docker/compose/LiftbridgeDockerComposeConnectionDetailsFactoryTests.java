package io.liftbridge.boot.autoconfigure.docker.compose;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.liftbridge.boot.autoconfigure.ContainerLiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.DockerComposeFile;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Services as Boot tells of them, which it has from the engine.
 */
class LiftbridgeDockerComposeConnectionDetailsFactoryTests {

	@Test
	void findsABrokerWhereItsPortIsPublished() {
		ContainerLiftbridgeConnectionDetails details = details(
				service("broker", "liftbridge/liftbridge:v1.9.0", Map.of(9292, 40001), Map.of()));
		assertThat(details).isNotNull();
		assertThat(details.getSeeds()).containsExactly("127.0.0.1:40001");
		assertThat(details.getSslBundle()).isNull();
		assertThat(details.getAddressResolver().resolve(new Address("0.0.0.0", 9292)))
			.isEqualTo(new Address("127.0.0.1", 40001));
	}

	@Test
	void leavesOtherServicesAlone() {
		assertThat(details(service("nats", "nats:2.12", Map.of(4222, 4222), Map.of()))).isNull();
	}

	@Test
	void anyImageWillDoWithTheLabel() {
		assertThat(details(service("broker", "example/log", Map.of(9292, 9292),
				Map.of("org.springframework.boot.service-connection", "liftbridge/liftbridge"))))
			.isNotNull();
	}

	@Test
	void takesTheOnlyPortThatIsPublished() {
		ContainerLiftbridgeConnectionDetails details = details(
				service("broker", "liftbridge/liftbridge", Map.of(9293, 9293), Map.of()));
		assertThat(details).isNotNull();
		assertThat(details.getSeeds()).containsExactly("127.0.0.1:9293");
	}

	@Test
	void aLabelNamesOneOfSeveralPorts() {
		ContainerLiftbridgeConnectionDetails details = details(service("broker", "liftbridge/liftbridge",
				Map.of(4222, 40001, 7000, 40002), Map.of("io.liftbridge.port", "7000")));
		assertThat(details).isNotNull();
		assertThat(details.getBroker().listensOn()).accepts(7000).rejects(4222);
		assertThat(details.getSeeds()).containsExactly("127.0.0.1:40002");
	}

	@Test
	void saysWhichPortIsNotPublished() {
		RunningService service = service("broker", "liftbridge/liftbridge", Map.of(4222, 40001, 7000, 40002), Map.of());
		assertThatIllegalStateException().isThrownBy(() -> details(service))
			.withMessageContaining("'broker' does not publish port 9292")
			.withMessageContaining("io.liftbridge.port");
	}

	@Test
	void thePortLabelMustBeANumber() {
		RunningService service = service("broker", "liftbridge/liftbridge", Map.of(9292, 40001),
				Map.of("io.liftbridge.port", "grpc"));
		assertThatIllegalStateException().isThrownBy(() -> details(service))
			.withMessageContaining("io.liftbridge.port: 'grpc'");
	}

	/**
	 * The file for trying a cluster, as far as Boot looks at it before it asks the
	 * engine.
	 */
	@Test
	void eachBrokerOfOurComposeFileIsFound() throws IOException {
		Path file = Path.of("..", "compose.yaml");
		assertThat(DockerComposeFile.of(file.toFile()).getFiles()).hasSize(1);
		Map<String, ContainerLiftbridgeConnectionDetails> found = new LinkedHashMap<>();
		services(file).forEach((name, service) -> {
			ContainerLiftbridgeConnectionDetails details = details(service);
			if (details != null) {
				found.put(name, details);
			}
		});
		assertThat(found).containsOnlyKeys("broker-1", "broker-2", "broker-3");
		assertThat(found.values()).extracting((details) -> details.getSeeds().get(0))
			.containsExactlyInAnyOrder("127.0.0.1:9292", "127.0.0.1:9293", "127.0.0.1:9294");
	}

	/**
	 * The brokers advertise the ports that they listen on in their containers.
	 */
	@Test
	void brokersOfOurComposeFileAreFoundWhereTheEngineChoosesPorts() {
		clusterOf(service("broker-1", "liftbridge/liftbridge", Map.of(9292, 40001), Map.of()),
				service("broker-2", "liftbridge/liftbridge", Map.of(9293, 40002), Map.of()),
				service("broker-3", "liftbridge/liftbridge", Map.of(9294, 40003), Map.of()), (cluster) -> {
					assertThat(cluster.seeds()).containsExactlyInAnyOrder(new Address("127.0.0.1", 40001),
							new Address("127.0.0.1", 40002), new Address("127.0.0.1", 40003));
					assertThat(List.of(9292, 9293, 9294))
						.extracting((port) -> cluster.resolver().resolve(new Address("localhost", port)).port())
						.containsExactly(40001, 40002, 40003);
				});
	}

	/**
	 * Boot calls a service by its container, other containers call it as in the file.
	 */
	@Test
	void brokersAreFoundByTheNamesOfTheirServices() {
		clusterOf(named("broker", 40001), named("another", 40002), named("third", 40003),
				(cluster) -> assertThat(List.of("broker", "another", "third", "liftbridge-another-1"))
					.extracting((name) -> cluster.resolver().resolve(new Address(name, 9292)).port())
					.containsExactly(40001, 40002, 40003, 40002));
	}

	private static RunningService named(String name, int port) {
		return service("liftbridge-" + name + "-1", "liftbridge/liftbridge", Map.of(9292, port),
				Map.of("com.docker.compose.service", name));
	}

	private static void clusterOf(RunningService one, RunningService two, RunningService three,
			Consumer<ClusterOptions> test) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LiftbridgeAutoConfiguration.class));
		for (RunningService service : List.of(one, two, three)) {
			ContainerLiftbridgeConnectionDetails details = details(service);
			assertThat(details).isNotNull();
			runner = runner.withBean(service.name(), ContainerLiftbridgeConnectionDetails.class, () -> details);
		}
		runner.run((context) -> {
			Cluster cluster = (Cluster) ReflectionTestUtils.getField(context.getBean(LiftbridgeClient.class),
					"cluster");
			assertThat(cluster).isNotNull();
			test.accept(cluster.options());
		});
	}

	@SuppressWarnings("unchecked")
	private static Map<String, RunningService> services(Path file) throws IOException {
		try (InputStream content = Files.newInputStream(file)) {
			Map<String, Object> compose = new Yaml().load(content);
			Map<String, Map<String, Object>> services = (Map<String, Map<String, Object>>) compose.get("services");
			return services.entrySet()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey,
						(entry) -> service(entry.getKey(), (String) entry.getValue().get("image"),
								ports((List<String>) entry.getValue().getOrDefault("ports", List.of())), Map.of())));
		}
	}

	/** As {@code 127.0.0.1:9292:9292}. */
	private static Map<Integer, Integer> ports(List<String> published) {
		return published.stream()
			.map((port) -> port.split(":"))
			.collect(Collectors.toMap((parts) -> Integer.valueOf(parts[2]), (parts) -> Integer.valueOf(parts[1])));
	}

	/** By the way that Boot goes, through spring.factories. */
	private static @Nullable ContainerLiftbridgeConnectionDetails details(RunningService service) {
		DockerComposeConnectionSource source = mock(DockerComposeConnectionSource.class);
		given(source.getRunningService()).willReturn(service);
		return (ContainerLiftbridgeConnectionDetails) new ConnectionDetailsFactories(null)
			.getConnectionDetails(source, false)
			.values()
			.stream()
			.filter(LiftbridgeConnectionDetails.class::isInstance)
			.findFirst()
			.orElse(null);
	}

	private static RunningService service(String name, String image, Map<Integer, Integer> ports,
			Map<String, String> labels) {
		ConnectionPorts published = mock(ConnectionPorts.class);
		given(published.getAll("tcp")).willReturn(List.copyOf(ports.values()));
		given(published.get(anyInt())).willAnswer((call) -> {
			Integer port = ports.get(call.<Integer>getArgument(0));
			if (port == null) {
				throw new IllegalStateException("No host port mapping found");
			}
			return port;
		});
		RunningService service = mock(RunningService.class);
		given(service.name()).willReturn(name);
		given(service.image()).willReturn(ImageReference.of(image));
		given(service.host()).willReturn("127.0.0.1");
		given(service.ports()).willReturn(published);
		given(service.labels()).willReturn(labels);
		return service;
	}

}
