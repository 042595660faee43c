package io.liftbridge.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.annotation.EnableLiftbridge;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.core.RoutingLiftbridgeTemplate;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.ListenerContainerCustomizer;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.Recoverer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class LiftbridgeListenerConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class,
				LiftbridgeAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.streams[0].name=orders",
				"liftbridge.listener.start-position=earliest", "liftbridge.listener.retry.initial-interval=1ms");

	@Test
	void deliversToListenerMethodsByTheTypeOfTheirParameter() {
		this.runner.withBean(Billing.class).run((context) -> {
			template(context).sendAndWait("orders", "k1", new Order("k1", 5), Duration.ofSeconds(10));
			assertThat(context.getBean(Billing.class).next()).isEqualTo(new Order("k1", 5));
		});
	}

	@Test
	void listenersUnpackWhatProducersPacked() {
		String[] packed = { "liftbridge.producer.compression=zlib", "liftbridge.producer.entry.max-records=10",
				"liftbridge.producer.encoding-header=Coding" };
		this.runner.withBean(Billing.class)
			.withPropertyValues(packed)
			.withPropertyValues("liftbridge.consumer.encoding-header=Coding")
			.run((context) -> {
				template(context).sendAndWait("orders", new Order("k1", 5), Duration.ofSeconds(10));
				assertThat(context.getBean(Billing.class).next()).isEqualTo(new Order("k1", 5));
			});
		this.runner.withBean(Billing.class).withPropertyValues(packed).run((context) -> {
			template(context).sendAndWait("orders", new Order("k1", 5), Duration.ofSeconds(10));
			assertThat(await(context, "orders.dlt")).as("what a listener cannot unpack").doesNotContain("k1");
		});
	}

	@Test
	void repliesWithTheTemplateBesideOneThatRoutes() {
		this.runner.withUserConfiguration(Routing.class).run((context) -> {
			assertThat(context).hasSingleBean(LiftbridgeTemplate.class).hasSingleBean(RoutingLiftbridgeTemplate.class);
			assertThat(replies(context)).isSameAs(template(context));
			context.getBean(RoutingLiftbridgeTemplate.class).sendAndWait("orders", "x", Duration.ofSeconds(10));
			assertThat(await(context, "orders")).isEqualTo("x");
		});
	}

	@Test
	void repliesWithThePrimaryTemplate() {
		this.runner
			.withBean("mine", RoutingLiftbridgeTemplate.class,
					() -> RoutingLiftbridgeTemplate.builder().otherwise(mock(LiftbridgeTemplate.class)).build(),
					(definition) -> definition.setPrimary(true))
			.run((context) -> {
				assertThat(context).hasSingleBean(LiftbridgeTemplate.class);
				assertThat(replies(context)).isInstanceOf(RoutingLiftbridgeTemplate.class);
			});
	}

	private static Object replies(ApplicationContext context) {
		return ReflectionTestUtils.getField(context.getBean(LiftbridgeListenerContainerFactory.class), "replyTemplate");
	}

	@Test
	void startsWithSeveralTemplatesAndRecoverers() {
		this.runner.withBean("one", Recoverer.class, LoggingRecoverer::new)
			.withBean("two", Recoverer.class, LoggingRecoverer::new)
			.withUserConfiguration(TwoTemplates.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(LiftbridgeListenerContainerFactory.class));
	}

	@Test
	void putsAMessageThatFailsForGoodIntoTheDeadLetterStream() {
		this.runner.withBean(Failing.class).run((context) -> {
			template(context).sendAndWait("orders", "poison", Duration.ofSeconds(10));
			assertThat(await(context, "orders.dlt")).isEqualTo("poison");
			assertThat(context.getBean(Failing.class).attempts).hasSize(4);
		});
	}

	@Test
	void appliesSuffixAndAttempts() {
		this.runner.withBean(Failing.class)
			.withPropertyValues("liftbridge.listener.dead-letter.suffix=-dead",
					"liftbridge.listener.retry.max-attempts=2")
			.run((context) -> {
				template(context).sendAndWait("orders", "poison", Duration.ofSeconds(10));
				assertThat(await(context, "orders-dead")).isEqualTo("poison");
				assertThat(context.getBean(Failing.class).attempts).hasSize(2);
			});
	}

	@Test
	void deliversAgainLaterBeforeItGivesUp() {
		this.runner.withBean(Failing.class)
			.withPropertyValues("liftbridge.listener.retry-stream.enabled=true",
					"liftbridge.listener.retry-stream.suffix=-later", "liftbridge.listener.retry-stream.pause=50ms",
					"liftbridge.listener.retry-stream.rounds=2", "liftbridge.listener.retry.max-attempts=1")
			.run((context) -> {
				template(context).sendAndWait("orders", "poison", Duration.ofSeconds(10));
				assertThat(await(context, "orders.dlt")).isEqualTo("poison");
				assertThat(await(context, "orders-later")).isEqualTo("poison");
				assertThat(context.getBean(Failing.class).attempts).hasSize(3);
			});
	}

	@Test
	void leavesAMessageBehindWithoutDeadLetters() {
		this.runner.withBean(Failing.class)
			.withPropertyValues("liftbridge.listener.dead-letter.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(Recoverer.class)).isInstanceOf(LoggingRecoverer.class);
				template(context).sendAndWait("orders", "poison", Duration.ofSeconds(10));
				template(context).sendAndWait("orders", "next", Duration.ofSeconds(10));
				Awaitility.await().until(() -> context.getBean(Failing.class).attempts.contains("next"));
			});
	}

	@Test
	void usesTheErrorHandlerOfTheUser() {
		ErrorHandler handler = new DefaultErrorHandler(new LoggingRecoverer());
		this.runner.withBean(ErrorHandler.class, () -> handler)
			.run((context) -> assertThat(ReflectionTestUtils
				.getField(context.getBean(LiftbridgeListenerContainerFactory.class), "errorHandler"))
				.isSameAs(handler));
	}

	@Test
	void usesTheRecovererOfTheUser() {
		Recoverer recoverer = new LoggingRecoverer();
		this.runner.withBean(Recoverer.class, () -> recoverer)
			.run((context) -> assertThat(context.getBean(Recoverer.class)).isSameAs(recoverer));
	}

	@Test
	void customizersChangeContainers() {
		this.runner.withBean(Billing.class)
			.withBean(ListenerContainerCustomizer.class, () -> (id, properties) -> properties.setBatchSize(7))
			.run((context) -> assertThat(billing(context).properties().getBatchSize()).isEqualTo(7));
	}

	@Test
	void tellsAllListenerMetrics() {
		List<String> told = new CopyOnWriteArrayList<>();
		this.runner.withBean(Billing.class)
			.withBean("one", ListenerMetrics.class, () -> new Telling(told, "one"))
			.withBean("two", ListenerMetrics.class, () -> new Telling(told, "two"))
			.run((context) -> {
				template(context).sendAndWait("orders", new Order("k1", 5), Duration.ofSeconds(10));
				Awaitility.await()
					.untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("one billing orders",
							"two billing orders"));
			});
	}

	@Test
	void doesNotStartListenersIfAutoStartupIsOff() {
		this.runner.withBean(Billing.class)
			.withPropertyValues("liftbridge.listener.auto-startup=false")
			.run((context) -> assertThat(billing(context).state()).isEqualTo(ContainerState.STOPPED));
	}

	@Test
	void worksWithPlatformThreadsByDefault() throws Exception {
		this.runner.withBean(Billing.class).run((context) -> assertThat(isVirtual(deliver(context))).isFalse());
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "Virtual threads need JDK 21")
	void worksWithVirtualThreadsWhereBootEnablesThem() {
		this.runner.withBean(Billing.class).withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			Thread thread = deliver(context);
			assertThat(isVirtual(thread)).isTrue();
			assertThat(thread.getName()).startsWith("liftbridge-listener-");
		});
	}

	@Test
	void backsOffForAFactoryOfTheUsersWhichCanBeConfiguredAlike() {
		this.runner.withUserConfiguration(OwnFactory.class)
			.withPropertyValues("liftbridge.listener.batch-size=9")
			.run((context) -> {
				assertThat(context).hasSingleBean(LiftbridgeListenerContainerFactory.class);
				assertThat(context.getBean(LiftbridgeListenerContainerFactory.class)
					.getContainerProperties()
					.getBatchSize()).isEqualTo(9);
			});
	}

	@Test
	void respectsAnApplicationThatEnablesListenersItself() {
		this.runner.withUserConfiguration(Enabled.class)
			.withBean(Billing.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(LiftbridgeListenerEndpointRegistry.class));
	}

	private static Thread deliver(ApplicationContext context) throws Exception {
		template(context).sendAndWait("orders", new Order("k1", 5), Duration.ofSeconds(10));
		context.getBean(Billing.class).next();
		return context.getBean(Billing.class).threads.get(0);
	}

	/** By reflection, because the method is younger than the JDK this is built for. */
	private static boolean isVirtual(Thread thread) throws Exception {
		return JRE.currentJre().version() >= 21 && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
	}

	private static String await(ApplicationContext context, String stream) {
		ReceivedMessage<byte[]> message = Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.ignoreExceptions()
			.until(() -> template(context).receive(stream, 0, 0), (found) -> found != null);
		return new String(message.value(), StandardCharsets.UTF_8);
	}

	private static LiftbridgeTemplate template(ApplicationContext context) {
		return context.getBean(LiftbridgeTemplate.class);
	}

	private static ListenerContainer billing(ApplicationContext context) {
		ListenerContainer container = context.getBean(LiftbridgeListenerEndpointRegistry.class).container("billing");
		assertThat(container).isNotNull();
		return container;
	}

	record Order(String customer, int amount) {
	}

	static class Billing {

		private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(Order order) {
			this.threads.add(Thread.currentThread());
			this.orders.add(order);
		}

		Order next() throws InterruptedException {
			return this.orders.poll(20, TimeUnit.SECONDS);
		}

	}

	static class Failing {

		private final List<String> attempts = new CopyOnWriteArrayList<>();

		@LiftbridgeListener(id = "failing", streams = "orders")
		void on(String order) {
			this.attempts.add(order);
			if (order.equals("poison")) {
				throw new IllegalStateException("Cannot be billed");
			}
		}

	}

	private record Telling(List<String> told, String name) implements ListenerMetrics {

		@Override
		public void processed(String listener, String stream, int messages, long nanos) {
			this.told.add(this.name + " " + listener + " " + stream);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		LiftbridgeListenerContainerFactory liftbridgeListenerContainerFactory(LiftbridgeClient client,
				ProducerFactory producers, LiftbridgeListenerContainerFactoryConfigurer configurer) {
			LiftbridgeListenerContainerFactory factory = new LiftbridgeListenerContainerFactory(client, producers);
			configurer.configure(factory);
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLiftbridge
	static class Enabled {

	}

	@Configuration(proxyBeanMethods = false)
	static class Routing {

		@Bean
		RoutingLiftbridgeTemplate routing(LiftbridgeTemplate template) {
			return RoutingLiftbridgeTemplate.builder().otherwise(template).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTemplates {

		@Bean
		LiftbridgeTemplate firstTemplate(LiftbridgeClient client, ProducerFactory producers) {
			return new LiftbridgeTemplate(client, producers);
		}

		@Bean
		LiftbridgeTemplate secondTemplate(LiftbridgeClient client, ProducerFactory producers) {
			return new LiftbridgeTemplate(client, producers);
		}

	}

}
