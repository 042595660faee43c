package io.liftbridge.boot.autoconfigure;

import io.liftbridge.boot.autoconfigure.actuate.LiftbridgeEndpointAutoConfiguration;
import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.boot.autoconfigure.health.LiftbridgeHealthAutoConfiguration;
import io.liftbridge.boot.autoconfigure.metrics.LiftbridgeMetricsAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.support.PayloadConverters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What there is without each class that is optional. {@link OptionalModulesTests} does
 * without the jars themselves, in a whole application.
 */
class OptionalClassesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JacksonAutoConfiguration.class,
				EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class,
				LiftbridgeHealthAutoConfiguration.class, LiftbridgeMetricsAutoConfiguration.class,
				LiftbridgeEndpointAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("management.endpoints.web.exposure.include=*", "liftbridge.seeds=127.0.0.1:1");

	@Test
	void allIsThereWithAllClasses() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(LiftbridgeClient.class)
			.hasSingleBean(LiftbridgeTemplate.class)
			.hasBean("liftbridgeHealthContributor")
			.hasBean("liftbridgeEndpoint")
			.hasBean("liftbridgeProducerMeters")
			.hasBean("liftbridgeListenerContainerFactory"));
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework.boot.health.contributor.HealthIndicator,liftbridgeHealthContributor",
			"org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator,"
					+ "liftbridgeHealthContributor",
			"org.springframework.boot.actuate.endpoint.annotation.Endpoint,liftbridgeEndpoint",
			"org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint,"
					+ "liftbridgeEndpoint",
			"io.liftbridge.spring.observation.MicrometerListenerMetrics,liftbridgeProducerMeters" })
	void withoutAClassItsBeanIsMissingAndNothingElse(String type, String bean) throws ClassNotFoundException {
		this.runner.withClassLoader(new FilteredClassLoader(Class.forName(type)))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(bean)
				.hasSingleBean(LiftbridgeTemplate.class));
	}

	@ParameterizedTest
	@CsvSource({ "io.liftbridge.client.LiftbridgeClient", "io.liftbridge.spring.core.LiftbridgeTemplate" })
	void withoutTheLibraryThereIsNothing(String type) throws ClassNotFoundException {
		this.runner.withClassLoader(new FilteredClassLoader(Class.forName(type)))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("liftbridgeClient")
				.doesNotHaveBean("liftbridgeHealthContributor")
				.doesNotHaveBean("liftbridgeEndpoint")
				.doesNotHaveBean("liftbridgeProducerMeters"));
	}

	@Test
	void withoutJacksonPayloadsAreTextAndBytes() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PayloadConverters.class)
				.hasSingleBean(LiftbridgeTemplate.class));
	}

	@Test
	void withoutAMeterRegistryThereAreNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("liftbridgeProducerMeters"));
	}

	@Test
	void withoutTheEmbeddedBrokerItsPropertyFails() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class))
			.withPropertyValues("liftbridge.embedded.enabled=true")
			.withClassLoader(new FilteredClassLoader(EmbeddedBroker.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("liftbridge-embedded is not on the class path"));
	}

	@ParameterizedTest
	@CsvSource({ "management.health.liftbridge.enabled=false,liftbridgeHealthContributor",
			"management.endpoint.liftbridge.access=NONE,liftbridgeEndpoint",
			"liftbridge.admin.enabled=false,liftbridgeAdmin" })
	void aPropertySwitchesOff(String property, String bean) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(bean)
				.hasSingleBean(LiftbridgeTemplate.class));
	}

}
