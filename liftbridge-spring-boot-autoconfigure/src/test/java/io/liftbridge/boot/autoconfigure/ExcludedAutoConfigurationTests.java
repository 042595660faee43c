package io.liftbridge.boot.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ExcludedAutoConfigurationTests {

	@Test
	void allBackOffTogether() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("spring.autoconfigure.exclude=" + LiftbridgeAutoConfiguration.class.getName(),
					"management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("liftbridgeHealthContributor")
				.doesNotHaveBean("liftbridgeEndpoint")
				.doesNotHaveBean("liftbridgeProducerMeters"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
