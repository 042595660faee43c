package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Sends a message to itself, and tells which of our optional beans it has. Runs in a
 * class loader of its own.
 */
public class OptionalModulesApplication implements BiFunction<String, Integer, Set<String>> {

	@Override
	public Set<String> apply(String host, Integer port) {
		SpringApplication application = new SpringApplication(Configuration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run("--liftbridge.seeds=" + host + ":" + port,
				"--liftbridge.listener.start-position=earliest", "--management.endpoints.web.exposure.include=*")) {
			context.getBean(LiftbridgeTemplate.class).sendAndWait("orders", "hello", Duration.ofSeconds(10));
			if (!context.getBean(Billing.class).arrived.await(20, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The message did not arrive");
			}
			Set<String> beans = new TreeSet<>(
					Set.of("liftbridgeHealthContributor", "liftbridgeEndpoint", "liftbridgeProducerMeters"));
			beans.removeIf((name) -> !context.containsBean(name));
			return beans;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		@Bean
		Billing billing() {
			return new Billing();
		}

	}

	static class Billing {

		private final CountDownLatch arrived = new CountDownLatch(1);

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
			this.arrived.countDown();
		}

	}

}
