package io.liftbridge.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerConfiguration}.
 */
class ServerConfigurationTests {

	@TempDir
	Path directory;

	@Test
	void listensLocallyWithTelemetryOff() throws IOException {
		assertThat(written(Map.of(), Map.of())).contains("host: \"127.0.0.1\"", "port: \"1\"",
				"telemetry.enabled: \"false\"", "nats.servers: \"nats://127.0.0.1:2\"",
				"data.dir: \"" + this.directory.resolve("data") + "\"", "clustering.raft.bootstrap.seed: \"true\"");
		assertThat(this.directory.resolve("nats.conf")).content().contains("host: \"127.0.0.1\"", "port: 2");
	}

	@Test
	void memberOfClusterNamesItsPeersInsteadOfElectingItself() throws IOException {
		assertThat(written(Map.of("s1", new ServerPorts(1, 2, 3), "s2", new ServerPorts(4, 5, 6)), Map.of()))
			.contains("clustering.raft.bootstrap.peers: \"s1 s2\"")
			.noneMatch((line) -> line.contains("bootstrap.seed"));
		assertThat(this.directory.resolve("nats.conf")).content()
			.contains("port: 3", "routes: [\"nats://127.0.0.1:6\"]");
	}

	@Test
	void settingsAreQuoted() throws IOException {
		assertThat(written(Map.of(), Map.of("logging.level", "a\\b\"c"))).contains("logging.level: \"a\\\\b\\\"c\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "telemetry.enabled", "host", "listen", "data.dir", "nats.servers", "tls.key" })
	void whatKeepsTheServerPrivateCannotBeSet(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> LiftbridgeServer.builder().setting(key, "value"))
			.withMessageContaining(key);
	}

	@Test
	void variablesCannotOverrideSettings() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> LiftbridgeServer.builder().environment("LIFTBRIDGE_TELEMETRY.ENABLED", "true"))
			.withMessageContaining("LIFTBRIDGE_TELEMETRY.ENABLED");
	}

	private List<String> written(Map<String, ServerPorts> members, Map<String, String> settings) throws IOException {
		ServerConfiguration configuration = new ServerConfiguration("s1", new ServerPorts(1, 2, 3), this.directory,
				members, null, settings);
		return Files.readAllLines(configuration.write());
	}

}
