package io.liftbridge.boot.autoconfigure.observation;

import java.time.Duration;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.SendObserver;
import io.liftbridge.spring.listener.delivery.ListenerObserver;
import io.liftbridge.spring.observation.BatchLinksObservationHandler;
import io.liftbridge.spring.observation.LiftbridgeListenerObservationConvention;
import io.liftbridge.spring.observation.LiftbridgeObservationCustomizer;
import io.liftbridge.spring.observation.LiftbridgeTemplateObservationConvention;
import io.liftbridge.spring.observation.MicrometerListenerObserver;
import io.liftbridge.spring.observation.MicrometerSendObserver;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeObservationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeObservationAutoConfiguration.class));

	private final ApplicationContextRunner observed = this.runner
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class);

	@Test
	void observesSendsAndListenersWithTheRegistryOfBoot() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 1);
			this.observed.withBean(Billing.class)
				.withBean("own", LiftbridgeTemplateObservationConvention.class, OwnSends::new)
				.withBean("calls", LiftbridgeListenerObservationConvention.class, OwnCalls::new)
				.withBean(LiftbridgeObservationCustomizer.class,
						() -> (context) -> context.addLowCardinalityKeyValue(KeyValue.of("region", "eu")))
				.withPropertyValues("liftbridge.seeds=" + broker.address(),
						"liftbridge.listener.start-position=earliest")
				.run((context) -> {
					context.getBean(LiftbridgeTemplate.class).sendAndWait("orders", "x", Duration.ofSeconds(10));
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
						assertThat(registry.get("own.sends").tag("region", "eu").timer().count()).isEqualTo(1);
						assertThat(registry.get("own.calls").tag("region", "eu").timer().count()).isEqualTo(1);
					});
				});
		}
	}

	@Test
	void needsARegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(SendObserver.class)
			.doesNotHaveBean(ListenerObserver.class));
	}

	@Test
	void isSwitchedOffForTheTemplate() {
		this.observed.withPropertyValues("liftbridge.template.observation-enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(SendObserver.class)
				.hasSingleBean(MicrometerListenerObserver.class));
	}

	@Test
	void isSwitchedOffForListeners() {
		this.observed.withPropertyValues("liftbridge.listener.observation-enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ListenerObserver.class)
				.hasSingleBean(MicrometerSendObserver.class));
	}

	@Test
	void backsOffForObserversOfTheUsers() {
		this.observed.withBean("mine", ListenerObserver.class, () -> new ListenerObserver() {
		})
			.run((context) -> assertThat(context).hasSingleBean(ListenerObserver.class)
				.doesNotHaveBean(MicrometerListenerObserver.class));
	}

	@Test
	void linksListsWhereThereIsATracer() {
		this.observed.run((context) -> assertThat(context).doesNotHaveBean(BatchLinksObservationHandler.class));
		this.observed.withBean(Tracer.class, () -> Tracer.NOOP)
			.run((context) -> assertThat(context).hasSingleBean(BatchLinksObservationHandler.class));
	}

	@Test
	void needsNoTracing() {
		this.observed.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MicrometerSendObserver.class)
				.doesNotHaveBean("liftbridgeBatchLinksObservationHandler"));
	}

	@Test
	void needsObservations() {
		this.runner.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("liftbridgeSendObserver"));
	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
		}

	}

	static class OwnSends implements LiftbridgeTemplateObservationConvention {

		@Override
		public String getName() {
			return "own.sends";
		}

	}

	static class OwnCalls implements LiftbridgeListenerObservationConvention {

		@Override
		public String getName() {
			return "own.calls";
		}

	}

}
