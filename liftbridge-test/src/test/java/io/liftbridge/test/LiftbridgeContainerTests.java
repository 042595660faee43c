package io.liftbridge.test;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What can be known of a container without running it.
 */
class LiftbridgeContainerTests {

	@Test
	void advertisesWhereTestsReachItAndReportsToNobody() {
		try (LiftbridgeContainer container = new LiftbridgeContainer().withSetting("activity.stream.enabled", true)) {
			assertThat(container.configuration("docker.example", 32768).lines()).contains("host: \"docker.example\"",
					"port: 32768", "listen: \"0.0.0.0:9292\"", "telemetry.enabled: \"false\"",
					"cursors.stream.partitions: \"1\"", "activity.stream.enabled: \"true\"");
		}
	}

	@Test
	void whereItListensIsNotUpToTheCaller() {
		try (LiftbridgeContainer container = new LiftbridgeContainer()) {
			assertThatIllegalArgumentException().isThrownBy(() -> container.withSetting("port", 1))
				.withMessageContaining("setting 'port' is decided by");
		}
	}

	@Test
	void anImageOfAnotherKindIsRefused() {
		assertThatIllegalStateException().isThrownBy(() -> new LiftbridgeContainer("nats:2.12"));
	}

}
