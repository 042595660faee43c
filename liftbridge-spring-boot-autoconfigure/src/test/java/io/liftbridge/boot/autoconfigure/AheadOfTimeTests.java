package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose context was processed ahead of time, on the JVM.
 */
class AheadOfTimeTests {

	@Test
	@CompileWithForkedClassLoader
	void sendsAndListensAsItWasProcessed() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 1);
			processed((context) -> {
				TestPropertyValues
					.of("liftbridge.seeds=" + broker.address(), "liftbridge.listener.start-position=earliest")
					.applyTo(context);
				context.refresh();
				context.getBean(LiftbridgeTemplate.class)
					.sendAndWait("orders", "k", new Order("eu", 5), Duration.ofSeconds(10));
				assertThat(context.getBean(Billing.class).next()).isEqualTo(new Order("eu", 5));
			});
		}
	}

	@Test
	void keepsListenersAndTheirPayloads() {
		TestGenerationContext generated = new TestGenerationContext(Application.class);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Application.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(Order.class)).accepts(generated.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(Billing.class)).accepts(generated.getRuntimeHints());
	}

	@SuppressWarnings("unchecked")
	private static void processed(Consumer<GenericApplicationContext> test) {
		TestGenerationContext generated = new TestGenerationContext(Application.class);
		AnnotationConfigApplicationContext original = new AnnotationConfigApplicationContext();
		original.register(Application.class);
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(original, generated);
		generated.writeGeneratedContent();
		TestCompiler.forSystem().with(generated).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()).initialize(context);
				test.accept(context);
			}
		});
	}

	record Order(String region, int amount) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Billing billing() {
			return new Billing();
		}

	}

	static class Billing {

		private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

		@LiftbridgeListener(id = "billing", streams = "orders", filter = "key == 'k'")
		void on(Order order) {
			this.orders.add(order);
		}

		Order next() {
			try {
				Order order = this.orders.poll(30, TimeUnit.SECONDS);
				assertThat(order).as("a message within 30 s").isNotNull();
				return order;
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
