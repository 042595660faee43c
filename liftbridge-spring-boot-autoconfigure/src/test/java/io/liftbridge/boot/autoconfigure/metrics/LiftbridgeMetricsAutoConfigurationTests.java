package io.liftbridge.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.observation.MicrometerListenerMetrics;
import io.liftbridge.spring.observation.MicrometerProducerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeMetricsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeMetricsAutoConfiguration.class));

	@Test
	void countsWhatIsSentAndReceivedWithTheSameTagsEverywhere() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().brokerId("b1").start()) {
			broker.createStream("orders", 2);
			withRegistry(broker).run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
				template.sendAndWait("orders", "good", Duration.ofSeconds(10));
				template.sendAndWait("orders", "poison", Duration.ofSeconds(10));
				await(() -> assertThat(registry.get("liftbridge.listener.dead.letters").counter().count())
					.isEqualTo(1));
				await(() -> assertThat(registry.get("liftbridge.listener.lag").gauges())
					.extracting((gauge) -> gauge.getId().getTag("partition"))
					.containsExactlyInAnyOrder("0", "1"));
				await(() -> assertThat(registry.get("liftbridge.listener.processed").counter().count()).isEqualTo(1));
				assertThat(registry.get("liftbridge.listener.received").counter().count()).isEqualTo(2);
				assertThat(registry.get("liftbridge.listener.retries").counter().count()).isEqualTo(1);
				assertThat(registry.get("liftbridge.producer.acked").tag("stream", "orders").counter().count())
					.isEqualTo(2);
				assertThat(registry.get("liftbridge.producer.ack").tag("stream", "orders").timer().count())
					.isEqualTo(2);
				await(() -> assertThat(registry.get("liftbridge.broker.up").tag("broker", "b1").gauge().value())
					.isEqualTo(1));
				assertThat(names(registry)).containsExactly("liftbridge.broker.reconnects [broker]",
						"liftbridge.broker.up [broker]", "liftbridge.listener.dead.letters [listener, stream]",
						"liftbridge.listener.failures [listener, stream]",
						"liftbridge.listener.lag [listener, partition, stream]",
						"liftbridge.listener.passed.over [listener, stream]",
						"liftbridge.listener.processed [listener, stream]",
						"liftbridge.listener.processing [listener, stream]",
						"liftbridge.listener.rebalances [change, listener, stream]",
						"liftbridge.listener.received [listener, stream]",
						"liftbridge.listener.retries [listener, stream]", "liftbridge.producer.ack [producer, stream]",
						"liftbridge.producer.acked [producer, stream]",
						"liftbridge.producer.batch.size [producer, stream]",
						"liftbridge.producer.blocked [producer, stream]",
						"liftbridge.producer.entry.compression.ratio [producer, stream]",
						"liftbridge.producer.failed [producer, reason, stream]",
						"liftbridge.producer.in.flight [producer, stream]",
						"liftbridge.producer.sent [producer, stream]");
			});
		}
	}

	@Test
	void tellsHowFarAListenerIsBehind() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 1);
			withRegistry(broker).withPropertyValues("liftbridge.listener.lag-interval=100ms").run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(Billing.class).block = true;
				LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
				for (int i = 0; i < 5; i++) {
					template.sendAndWait("orders", "good", Duration.ofSeconds(10));
				}
				await(() -> assertThat(registry.get("liftbridge.listener.lag").tag("partition", "0").gauge().value())
					.isEqualTo(5));
				context.getBean(Billing.class).block = false;
				await(() -> assertThat(registry.get("liftbridge.listener.lag").tag("partition", "0").gauge().value())
					.isZero());
			});
		}
	}

	@Test
	void tellsWhetherBrokersAnswerAndHowOftenTheyCameBack() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().brokerId("b1").start()) {
			broker.createStream("orders", 1);
			withRegistry(broker).run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				await(() -> assertThat(registry.get("liftbridge.broker.up").tag("broker", "b1").gauge().value())
					.isEqualTo(1));
				broker.stop();
				await(() -> assertThat(registry.get("liftbridge.broker.up").tag("broker", "b1").gauge().value())
					.isZero());
				broker.restart();
				await(() -> assertThat(registry.get("liftbridge.broker.up").tag("broker", "b1").gauge().value())
					.isEqualTo(1));
				// It is told after the state has changed.
				await(() -> assertThat(
						registry.get("liftbridge.broker.reconnects").tag("broker", "b1").counter().count())
					.isEqualTo(1));
				assertThat(registry.get("liftbridge.broker.up").gauges()).hasSize(1);
			});
		}
	}

	@Test
	void usesTheRegistriesOfBoot() {
		this.runner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(MicrometerProducerMetrics.class));
	}

	@Test
	void needsARegistry() {
		this.runner
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrometerProducerMetrics.class));
	}

	@Test
	void needsMicrometer() {
		this.runner.withBean(SimpleMeterRegistry.class)
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("liftbridgeProducerMeters"));
	}

	@Test
	void backsOffForMetersOfTheUsers() {
		this.runner.withBean(SimpleMeterRegistry.class)
			.withBean("mine", MicrometerListenerMetrics.class,
					() -> new MicrometerListenerMetrics(new SimpleMeterRegistry()))
			.run((context) -> assertThat(context).hasSingleBean(MicrometerListenerMetrics.class).hasBean("mine"));
	}

	private ApplicationContextRunner withRegistry(EmbeddedBroker broker) {
		return this.runner.withBean(SimpleMeterRegistry.class)
			.withBean(Billing.class)
			.withPropertyValues("liftbridge.seeds=" + broker.address(), "liftbridge.listener.start-position=earliest",
					"liftbridge.listener.retry.max-attempts=2", "liftbridge.listener.retry.initial-interval=1ms");
	}

	private static Set<String> names(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName() + " "
					+ meter.getId().getTags().stream().map(Tag::getKey).sorted().toList())
			.filter((name) -> name.startsWith("liftbridge."))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.ignoreException(MeterNotFoundException.class)
			.untilAsserted(assertion);
	}

	static class Billing {

		private volatile boolean block;

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !this.block);
			if (order.equals("poison")) {
				throw new IllegalStateException("Cannot be billed");
			}
		}

	}

}
