package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What runs is finished: listeners stop first, whatever drains afterwards may still
 * publish, and the client closes last.
 */
class ShutdownOrderTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LiftbridgeAutoConfiguration.class))
		.withPropertyValues("liftbridge.listener.start-position=earliest");

	@Test
	void aListenerThatRunsMayStillPublish() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 1);
			broker.createStream("invoices", 1);
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address())
				.withBean(Billing.class)
				.run((context) -> {
					context.getBean(LiftbridgeTemplate.class).sendAndWait("orders", "order", Duration.ofSeconds(10));
					assertThat(context.getBean(Billing.class).running.await(20, TimeUnit.SECONDS)).isTrue();
					context.getBean(Billing.class).registry
						.set(context.getBean(LiftbridgeListenerEndpointRegistry.class));
				});
			try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
				assertThat(client.streams().describePartition("invoices", 0).newestOffset()).isZero();
				assertThat(client.cursors().find("billing", "orders", 0)).hasValue(0);
			}
		}
	}

	@Test
	void whatDrainsAfterTheListenersMayStillPublish() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("orders", 1);
			this.runner.withPropertyValues("liftbridge.seeds=" + broker.address())
				.withBean(Draining.class)
				.run((context) -> assertThat(context.getBean(Draining.class).isRunning()).isTrue());
			try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
				assertThat(client.streams().describePartition("orders", 0).newestOffset()).isZero();
			}
		}
	}

	static class Billing {

		private final CountDownLatch running = new CountDownLatch(1);

		private final AtomicReference<LiftbridgeListenerEndpointRegistry> registry = new AtomicReference<>();

		private final LiftbridgeTemplate template;

		Billing(LiftbridgeTemplate template) {
			this.template = template;
		}

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
			this.running.countDown();
			Awaitility.await()
				.until(() -> this.registry.get() != null
						&& this.registry.get().container("billing").state() == ContainerState.STOPPING);
			this.template.sendAndWait("invoices", "invoice", Duration.ofSeconds(10));
		}

	}

	/**
	 * Stops in the phase in which Boot's web server waits for requests that run. Not
	 * injected with the registry, because Spring stops what depends on a bean before it.
	 */
	static class Draining implements SmartLifecycle {

		private final LiftbridgeTemplate template;

		private final ObjectProvider<LiftbridgeListenerEndpointRegistry> registry;

		private volatile boolean running;

		Draining(LiftbridgeTemplate template, ObjectProvider<LiftbridgeListenerEndpointRegistry> registry) {
			this.template = template;
			this.registry = registry;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			assertThat(this.registry.getObject().isRunning()).isFalse();
			this.template.sendAndWait("orders", "last", Duration.ofSeconds(10));
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE - 1024;
		}

	}

}
