package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import io.liftbridge.boot.autoconfigure.health.LiftbridgeHealthAutoConfiguration;
import io.liftbridge.boot.autoconfigure.metrics.LiftbridgeMetricsAutoConfiguration;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.sink.BulkSink;
import io.liftbridge.spring.sink.BulkSinkFactory;
import io.liftbridge.spring.sink.BulkWriter;
import io.liftbridge.spring.sink.SinkBatch;
import io.liftbridge.spring.sink.SinkProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

class LiftbridgeSinkConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LiftbridgeAutoConfiguration.class));

	@Test
	void sinksStartFromTheProperties() {
		this.runner
			.withPropertyValues("liftbridge.sink.batch-size=100", "liftbridge.sink.wait-time=2s",
					"liftbridge.sink.buffer-messages=5000", "liftbridge.sink.buffer-size=3MB",
					"liftbridge.sink.batches-per-partition=7", "liftbridge.sink.workers=3",
					"liftbridge.sink.max-recovery-pause=9s", "liftbridge.sink.shutdown-timeout=4s")
			.run((context) -> {
				SinkProperties properties = context.getBean(BulkSinkFactory.class).getSinkProperties();
				assertThat(properties.getBatchSize()).isEqualTo(100);
				assertThat(properties.getWaitTime()).isEqualTo(Duration.ofSeconds(2));
				assertThat(properties.getBufferMessages()).isEqualTo(5000);
				assertThat(properties.getBufferBytes()).isEqualTo(3 << 20);
				assertThat(properties.getBatchesPerPartition()).isEqualTo(7);
				assertThat(properties.getWorkers()).isEqualTo(3);
				assertThat(properties.getMaxRecoveryPause()).isEqualTo(Duration.ofSeconds(9));
				assertThat(properties.getShutdownTimeout()).isEqualTo(Duration.ofSeconds(4));
			});
	}

	@Test
	void theDefaultsAreThoseOfTheSink() {
		this.runner.run((context) -> assertThat(context.getBean(BulkSinkFactory.class).getSinkProperties())
			.usingRecursiveComparison()
			.isEqualTo(new SinkProperties()));
	}

	@Test
	void usesTheOnlyDatabase() {
		this.runner.withBean(DataSource.class, () -> mock(DataSource.class))
			.run((context) -> assertThat(context.getBean(BulkSinkFactory.class).jdbc("rows")).isNotNull());
	}

	@Test
	void asksForADatabaseWhereThereIsNone() {
		this.runner.run((context) -> assertThatIllegalStateException()
			.isThrownBy(() -> context.getBean(BulkSinkFactory.class).jdbc("rows"))
			.withMessageContaining("'rows'")
			.withMessageContaining("jdbc(id, dataSource)"));
	}

	@Test
	void backsOffForAFactoryOfTheUsers() {
		this.runner
			.withBean("mine", BulkSinkFactory.class,
					() -> new BulkSinkFactory(null, mock(LiftbridgeListenerContainerFactory.class)))
			.run((context) -> assertThat(context).hasSingleBean(BulkSinkFactory.class).hasBean("mine"));
	}

	@Test
	void aSinkIsCountedAndPartOfTheHealth() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("readings", 1);
			this.runner
				.withConfiguration(AutoConfigurations.of(LiftbridgeMetricsAutoConfiguration.class,
						LiftbridgeHealthAutoConfiguration.class))
				.withBean(SimpleMeterRegistry.class)
				.withUserConfiguration(Sinks.class)
				.withPropertyValues("liftbridge.seeds=" + broker.address(),
						"liftbridge.listener.start-position=earliest", "liftbridge.listener.lag-interval=100ms",
						"liftbridge.sink.wait-time=10ms", "liftbridge.sink.max-recovery-pause=20ms")
				.run((context) -> {
					LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
					template.sendAll("readings", List.of("a", "fails once", "poison", "b")).forEach((result) -> {
					});
					Memory memory = context.getBean(Memory.class);
					await(() -> assertThat(memory.written).containsOnlyKeys("a", "fails once", "b"));
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					await(() -> assertThat(figures(registry)).containsEntry("liftbridge.sink.rows[readings]", 3.0)
						.containsEntry("liftbridge.sink.dead.letters[readings]", 1.0)
						.containsEntry("liftbridge.sink.failures[readings]", 1.0)
						.containsEntry("liftbridge.sink.buffered[null]", 0.0));
					assertThat(registry.get("liftbridge.sink.write").tag("sink", "readings").timer().count())
						.isPositive();
					assertThat(registry.get("liftbridge.sink.batch.size").summary().totalAmount()).isEqualTo(3);
					await(() -> assertThat(template.receive("readings.dlt", 0, 0)).extracting(ReceivedMessage::text)
						.isEqualTo("poison"));
					assertThat(context.getBean(LiftbridgeListenerEndpointRegistry.class).container("readings"))
						.isSameAs(context.getBean(BulkSink.class).container());
					await(() -> {
						Health health = context.getBean(HealthIndicator.class).health(true);
						assertThat(health.getStatus()).isEqualTo(Status.UP);
						assertThat(health.getDetails().toString()).contains("readings=RUNNING");
					});
				});
		}
	}

	private static Map<String, Double> figures(MeterRegistry registry) {
		Map<String, Double> figures = new LinkedHashMap<>();
		registry.getMeters()
			.forEach(
					(meter) -> meter.measure()
						.forEach((figure) -> figures.putIfAbsent(
								meter.getId().getName() + "[" + meter.getId().getTag("stream") + "]",
								figure.getValue())));
		return figures;
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
	}

	@Configuration(proxyBeanMethods = false)
	static class Sinks {

		@Bean
		Memory memory() {
			return new Memory();
		}

		@Bean
		BulkSink readings(BulkSinkFactory sinks, LiftbridgeListenerContainerFactory containers, Memory memory) {
			ContainerProperties listening = new ContainerProperties(containers.getContainerProperties());
			listening.setStreams(List.of("readings"));
			return sinks.create("readings", listening, memory);
		}

	}

	/** Writes into memory. */
	static class Memory implements BulkWriter {

		final Map<String, Boolean> written = new ConcurrentHashMap<>();

		private final Map<String, Boolean> failed = Collections.synchronizedMap(new LinkedHashMap<>());

		@Override
		public void write(SinkBatch batch) {
			for (ReceivedMessage<byte[]> message : batch.messages()) {
				if (message.text().equals("poison")) {
					throw new IllegalArgumentException("poison");
				}
				if (message.text().startsWith("fails") && this.failed.putIfAbsent(message.text(), true) == null) {
					throw new IllegalStateException("away");
				}
			}
			batch.messages().forEach((message) -> this.written.put(message.text(), true));
		}

		@Override
		public boolean isPoison(Throwable failure) {
			return failure instanceof IllegalArgumentException;
		}

	}

}
