package io.liftbridge.boot.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class PropertyOriginsTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	private final PropertyOrigins origins = new PropertyOrigins(this.environment);

	@Test
	void findsEnvironmentVariables() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("LIFTBRIDGE_CONNECT_TIMEOUT", "-1s")));
		assertThat(this.origins.locate("liftbridge.connect-timeout"))
			.isEqualTo("liftbridge.connect-timeout (systemEnvironment)");
		assertThat(this.origins.written("liftbridge.connect-timeout")).isEqualTo("-1s");
	}

	@Test
	void namesThePropertyAloneIfNobodySetIt() {
		assertThat(this.origins.locate("liftbridge.seeds[1]")).isEqualTo("liftbridge.seeds[1]");
		assertThat(this.origins.written("liftbridge.seeds[1]")).isNull();
	}

	@Test
	void takesTheSourceThatWins() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("second", Map.of("liftbridge.client-id", "b")));
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("first", Map.of("liftbridge.clientId", "a")));
		assertThat(this.origins.locate("liftbridge.client-id")).isEqualTo("liftbridge.client-id (first)");
	}

}
