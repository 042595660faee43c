package io.liftbridge.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.BatchOptions;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.CompressionOptions;
import io.liftbridge.client.producer.ExactOptions;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.Partitioners;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerOptions;
import io.liftbridge.client.producer.ProducerRecorder;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.ProducerCustomizer;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.core.SendListener;
import io.liftbridge.spring.support.DefaultHeaderMapper;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConversionException;
import io.liftbridge.spring.support.PayloadConverter;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LiftbridgeTemplateConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class,
				LiftbridgeAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("liftbridge.embedded.enabled=true");

	@Test
	void sendsJsonWithTheApplicationsMapper() {
		this.runner.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
			.run((context) -> assertThat(stored(context, new Order("k1", 5)))
				.isEqualTo("{\"customer_id\":\"k1\",\"amount\":5}"));
	}

	@Test
	void messagesNameTheClassOfTheirPayloadIfAsked() {
		this.runner.withPropertyValues("liftbridge.template.payload-type=true").run((context) -> {
			context.getBean(LiftbridgeClient.class).streams().createIfAbsent(StreamSpec.named("orders"));
			LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
			template.sendAndWait("orders", new Order("k1", 5), Duration.ofSeconds(10));
			ReceivedMessage<byte[]> message = template.receive("orders", 0, 0);
			assertThat(message).isNotNull();
			assertThat(message.headers().text(LiftbridgeHeaders.PAYLOAD_TYPE)).isEqualTo("Order");
		});
	}

	@Test
	void sendsJsonWithJacksonsDefaultsIfThereIsNoMapperBean() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class))
			.withPropertyValues("liftbridge.embedded.enabled=true")
			.run((context) -> assertThat(stored(context, new Order("k1", 5)))
				.isEqualTo("{\"customerId\":\"k1\",\"amount\":5}"));
	}

	@Test
	void leavesTextAndBytesAsTheyAre() {
		this.runner.run((context) -> {
			assertThat(stored(context, "plain")).isEqualTo("plain");
			assertThat(stored(context, "bytes".getBytes(StandardCharsets.UTF_8))).isEqualTo("bytes");
		});
	}

	@Test
	void asksTheUsersConvertersFirst() {
		this.runner.withBean(OrderConverter.class)
			.run((context) -> assertThat(stored(context, new Order("k1", 5))).isEqualTo("k1/5"));
	}

	@Test
	void worksWithoutJackson() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(LiftbridgeTemplate.class);
			assertThat(stored(context, "plain")).isEqualTo("plain");
		});
	}

	@Test
	void sendsToTheDefaultStream() {
		this.runner.withPropertyValues("liftbridge.template.default-stream=orders").run((context) -> {
			context.getBean(EmbeddedBroker.class).createStream("orders", 1);
			Ack ack = context.getBean(LiftbridgeTemplate.class).newMessage("hello").send().get();
			assertThat(ack.stream()).isEqualTo("orders");
		});
	}

	@Test
	void withoutADefaultStreamTheStreamMustBeNamed() {
		this.runner.run((context) -> assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> context.getBean(LiftbridgeTemplate.class).newMessage("hello").send())
			.withMessageContaining("liftbridge.template.default-stream"));
	}

	@Test
	void appliesTheTimeoutsOfTheTemplate() {
		this.runner
			.withPropertyValues("liftbridge.template.receive-timeout=1s", "liftbridge.template.subject-timeout=2s")
			.run((context) -> {
				LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
				assertThat(template).extracting("receiveTimeout", "subjectTimeout")
					.containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
			});
	}

	@Test
	void producersHaveTheClientsDefaults() {
		this.runner.run((context) -> {
			try (Producer plain = context.getBean(LiftbridgeClient.class).producer("orders").build()) {
				assertThat(options(context.getBean(ProducerFactory.class).producer("orders")))
					.usingRecursiveComparison()
					.ignoringFields("partitioner")
					.isEqualTo(options(plain));
			}
		});
	}

	@Test
	void appliesEachPropertyToProducers() {
		this.runner
			.withPropertyValues("liftbridge.producer.ack-policy=all", "liftbridge.producer.ack-timeout=1s",
					"liftbridge.producer.enqueue-timeout=2s", "liftbridge.producer.max-in-flight=3",
					"liftbridge.producer.max-in-flight-size=4KB", "liftbridge.producer.partitioner=murmur3")
			.run((context) -> {
				ProducerOptions options = options(context.getBean(ProducerFactory.class).producer("orders"));
				assertThat(options.ackPolicy()).isEqualTo(AckPolicy.ALL);
				assertThat(options.partitioner()).isSameAs(Partitioners.murmur3());
				assertThat(options.ackTimeout()).isEqualTo(Duration.ofSeconds(1));
				assertThat(options.enqueueTimeout()).isEqualTo(Duration.ofSeconds(2));
				assertThat(options.maxInFlight()).isEqualTo(3);
				assertThat(options.maxInFlightBytes()).isEqualTo(4096);
			});
	}

	@Test
	void appliesNameOrderCompressionAndBatchesToProducers() {
		this.runner
			.withPropertyValues("liftbridge.producer.name=till", "liftbridge.producer.ordering=loose",
					"liftbridge.producer.retries=4", "liftbridge.producer.compression=zlib",
					"liftbridge.producer.compression-level=9", "liftbridge.producer.compression-threshold=1KB",
					"liftbridge.producer.encoding-header=Coding", "liftbridge.producer.batch.mode=fixed",
					"liftbridge.producer.batch.messages=5", "liftbridge.producer.batch.linger=6ms",
					"liftbridge.producer.batch.max-batches=7", "liftbridge.producer.batch.max-size=8KB",
					"liftbridge.producer.entry.max-records=9", "liftbridge.producer.entry.max-size=10KB")
			.run((context) -> {
				ProducerOptions options = options(context.getBean(ProducerFactory.class).producer("orders"));
				assertThat(options.name()).isEqualTo("till");
				assertThat(options.ordering()).isEqualTo(Ordering.LOOSE);
				assertThat(options.retries()).isEqualTo(4);
				assertThat(options.compression())
					.isEqualTo(new CompressionOptions(Compression.ZLIB.level(9), 1024, "Coding"));
				assertThat(options.batching()).usingRecursiveComparison()
					.isEqualTo(new BatchOptions(BatchSize.fixed(5), 7, Duration.ofMillis(6), 8 << 10, 9, 10 << 10));
			});
	}

	@Test
	void countsNoProducerThatIsOnlyBuiltToCheckProperties() {
		List<String> counted = new CopyOnWriteArrayList<>();
		this.runner.withBean(LiftbridgeClientBuilderCustomizer.class,
				() -> (builder) -> builder.producerMetrics((stream, name, inFlight) -> {
					counted.add(stream);
					return ProducerRecorder.NONE;
				}))
			.run((context) -> {
				assertThat(counted).isEmpty();
				context.getBean(ProducerFactory.class).producer("orders");
				assertThat(counted).containsExactly("orders");
			});
	}

	@Test
	void appliesExactnessAndLargeMessagesToProducers() {
		this.runner
			.withPropertyValues("liftbridge.producer.idempotence=true", "liftbridge.producer.name=till",
					"liftbridge.producer.publishing-ids=true", "liftbridge.producer.max-large-message-size=5MB")
			.run((context) -> {
				ProducerOptions options = options(context.getBean(ProducerFactory.class).producer("orders"));
				assertThat(options.exact()).isEqualTo(new ExactOptions(true, true));
				assertThat(options.ackPolicy()).isEqualTo(AckPolicy.ALL);
				assertThat(options.largeMessages()).isEqualTo(5 << 20);
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			idempotence       | true | but ackPolicy is NONE
			compression       | ztsd | for which there is no codec
			compression       | Z LIB| is no name of a codec
			compression-level | 99   | the level must be between
			encoding-header   | ''   | must be the name of a header
			batch.mode        | fixed| which never gets full
			batch.linger      | 5ms  | only batches of a fixed size wait
			entry.max-size    | 65MB | it must be at most
			""")
	void refusesWhatNoProducerCanBeMadeOf(String property, String value, String problem) {
		this.runner
			.withPropertyValues("liftbridge.producer.compression=zlib", "liftbridge.producer.max-in-flight=10",
					"liftbridge.producer.ack-policy=none", "liftbridge.producer." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem));
	}

	@Test
	void customizersOfProducersHaveTheLastWord() {
		this.runner.withPropertyValues("liftbridge.producer.max-in-flight=3")
			.withBean(ProducerCustomizer.class,
					() -> (stream, producer) -> producer.maxInFlight(stream.equals("orders") ? 7 : 8))
			.run((context) -> {
				ProducerFactory producers = context.getBean(ProducerFactory.class);
				assertThat(options(producers.producer("orders")).maxInFlight()).isEqualTo(7);
				assertThat(options(producers.producer("others")).maxInFlight()).isEqualTo(8);
			});
	}

	@Test
	void tellsSendListeners() {
		List<String> told = new CopyOnWriteArrayList<>();
		this.runner.withBean(SendListener.class, () -> new SendListener() {

			@Override
			public void acked(String stream, Message message, Ack ack, long nanos) {
				told.add(stream + "@" + ack.offset());
			}

		}).run((context) -> {
			stored(context, "hello");
			assertThat(told).containsExactly("orders@0");
		});
	}

	@Test
	void backsOffForBeansOfTheUsers() {
		this.runner.withUserConfiguration(OwnBeans.class)
			.run((context) -> assertThat(context).hasSingleBean(ProducerFactory.class)
				.hasSingleBean(LiftbridgeOperations.class)
				.hasSingleBean(HeaderMapper.class)
				.hasSingleBean(PayloadConverters.class)
				.hasBean("myProducers")
				.hasBean("myTemplate")
				.hasBean("myHeaders")
				.hasBean("myConverters"));
	}

	private static String stored(ApplicationContext context, Object payload) throws Exception {
		EmbeddedBroker broker = context.getBean(EmbeddedBroker.class);
		LiftbridgeTemplate template = context.getBean(LiftbridgeTemplate.class);
		if (!context.getBean(LiftbridgeClient.class).streams().exists("orders")) {
			broker.createStream("orders", 1);
		}
		Ack ack = template.send("orders", payload).get();
		ReceivedMessage<byte[]> message = template.receive("orders", 0, ack.offset());
		assertThat(message).isNotNull();
		return new String(message.value(), StandardCharsets.UTF_8);
	}

	private static ProducerOptions options(Producer producer) {
		ProducerOptions options = (ProducerOptions) ReflectionTestUtils.getField(producer, "options");
		assertThat(options).isNotNull();
		return options;
	}

	record Order(String customerId, int amount) {
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		ProducerFactory myProducers(LiftbridgeClient client) {
			return new DefaultProducerFactory(client);
		}

		@Bean
		LiftbridgeOperations myTemplate(LiftbridgeClient client, ProducerFactory producers) {
			return new LiftbridgeTemplate(client, producers);
		}

		@Bean
		HeaderMapper myHeaders() {
			return new DefaultHeaderMapper();
		}

		@Bean
		PayloadConverters myConverters() {
			return PayloadConverters.defaults();
		}

	}

	static class OrderConverter implements PayloadConverter {

		@Override
		public boolean canWrite(Class<?> type) {
			return type == Order.class;
		}

		@Override
		public byte[] write(Object payload) {
			Order order = (Order) payload;
			return (order.customerId() + "/" + order.amount()).getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public boolean canRead(ResolvableType type, @Nullable String contentType) {
			return false;
		}

		@Override
		public Object read(byte[] value, ResolvableType type) {
			throw new PayloadConversionException("Not asked for", null);
		}

		@Override
		public @Nullable String contentType() {
			return null;
		}

	}

}
