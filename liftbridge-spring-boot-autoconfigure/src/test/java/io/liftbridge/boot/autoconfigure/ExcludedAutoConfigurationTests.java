package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.LiftbridgeClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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

	@Test
	void aClientOfTheUsersIsWatchedAllTheSame() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withBean(LiftbridgeClient.class, () -> LiftbridgeClient.builder().seeds("127.0.0.1:1").build())
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("spring.autoconfigure.exclude=" + LiftbridgeAutoConfiguration.class.getName(),
					"management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("liftbridgeHealthContributor")
				.hasBean("liftbridgeEndpoint")
				.hasBean("liftbridgeProducerMeters"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
