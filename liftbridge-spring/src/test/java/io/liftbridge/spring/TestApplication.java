package io.liftbridge.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.annotation.EnableLiftbridge;
import io.liftbridge.spring.annotation.LiftbridgeBeanNames;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A small application with listeners, as a user without Boot would write it.
 */
public final class TestApplication implements AutoCloseable {

	private final AnnotationConfigApplicationContext context;

	private TestApplication(AnnotationConfigApplicationContext context) {
		this.context = context;
	}

	public static Builder on(String address) {
		return new Builder(address);
	}

	/** Waits a shorter time than Awaitility would. */
	public static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
		await().ignoreExceptions()
			.atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(assertion);
	}

	public LiftbridgeTemplate template() {
		return this.context.getBean(LiftbridgeTemplate.class);
	}

	public LiftbridgeClient client() {
		return this.context.getBean(LiftbridgeClient.class);
	}

	public LiftbridgeListenerEndpointRegistry registry() {
		return this.context.getBean(LiftbridgeListenerEndpointRegistry.class);
	}

	public LiftbridgeListenerContainerFactory factory() {
		return this.context.getBean(LiftbridgeListenerContainerFactory.class);
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public ListenerContainer container(String id) {
		ListenerContainer container = registry().container(id);
		assertThat(container).as("container %s of %s", id, registry().containers()).isNotNull();
		return container;
	}

	public TestApplication awaitRunning(String id) {
		eventually(() -> assertThat(container(id).state()).isEqualTo(ContainerState.RUNNING));
		return this;
	}

	public PartitionStatus status(String id, int partition) {
		return container(id).partitions()
			.stream()
			.filter((status) -> status.partition() == partition)
			.findFirst()
			.orElseThrow();
	}

	/** Everything that is stored in a partition. */
	public List<ReceivedMessage<byte[]>> messages(String stream, int partition) {
		return template().receive(stream, partition, StartPosition.earliest(), 1000);
	}

	/** The stored position, -1 for none. */
	public long cursor(String id, String stream, int partition) {
		return client().cursors().find(id, stream, partition).orElse(-1);
	}

	public void createStream(String name, int partitions) {
		client().streams().createIfAbsent(StreamSpec.named(name).partitions(partitions));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** What every application of these tests has. */
	@Configuration(proxyBeanMethods = false)
	@EnableLiftbridge
	static class Infrastructure {

	}

	/** Collects what is special. */
	public static final class Builder {

		private final String address;

		private final Map<String, Object> properties = new LinkedHashMap<>();

		private final List<Consumer<AnnotationConfigApplicationContext>> parts = new ArrayList<>();

		private Consumer<LiftbridgeListenerContainerFactory> factory = (factory) -> {
		};

		private UnaryOperator<LiftbridgeClientBuilder> client = UnaryOperator.identity();

		private Builder(String address) {
			this.address = address;
		}

		public Builder property(String name, Object value) {
			this.properties.put(name, value);
			return this;
		}

		public <T> Builder bean(String name, Class<T> type, Supplier<T> supplier) {
			this.parts.add((context) -> context.registerBean(name, type, supplier));
			return this;
		}

		public <T> Builder listener(T listener) {
			return listener("listener", listener);
		}

		@SuppressWarnings("unchecked")
		public <T> Builder listener(String name, T listener) {
			return bean(name, (Class<T>) listener.getClass(), () -> listener);
		}

		public Builder factory(Consumer<LiftbridgeListenerContainerFactory> customizer) {
			this.factory = this.factory.andThen(customizer);
			return this;
		}

		public Builder client(UnaryOperator<LiftbridgeClientBuilder> customizer) {
			this.client = customizer;
			return this;
		}

		public TestApplication start() {
			AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", this.properties));
			context.registerBean(Infrastructure.class);
			context
				.registerBean(LiftbridgeClient.class,
						() -> this.client.apply(LiftbridgeClient.builder()
							.seeds(this.address)
							.connectTimeout(Duration.ofSeconds(2))
							.requestTimeout(Duration.ofSeconds(5))).build());
			context.registerBean(DefaultProducerFactory.class,
					() -> new DefaultProducerFactory(context.getBean(LiftbridgeClient.class)));
			context.registerBean(LiftbridgeTemplate.class,
					() -> new LiftbridgeTemplate(context.getBean(LiftbridgeClient.class),
							context.getBean(DefaultProducerFactory.class)));
			context.registerBean(LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY,
					LiftbridgeListenerContainerFactory.class, () -> containerFactory(context));
			this.parts.forEach((part) -> part.accept(context));
			try {
				context.refresh();
			}
			catch (RuntimeException ex) {
				context.close();
				throw ex;
			}
			return new TestApplication(context);
		}

		private LiftbridgeListenerContainerFactory containerFactory(AnnotationConfigApplicationContext context) {
			LiftbridgeClient client = context.getBean(LiftbridgeClient.class);
			DefaultProducerFactory producers = context.getBean(DefaultProducerFactory.class);
			LiftbridgeListenerContainerFactory created = new LiftbridgeListenerContainerFactory(client, producers);
			created.setErrorHandler(
					new DefaultErrorHandler(new FixedBackOff(20, 2), new DeadLetterPublisher(client, producers)));
			created.getContainerProperties().setShutdownTimeout(Duration.ofSeconds(5));
			created.getContainerProperties().setMaxRecoveryPause(Duration.ofMillis(300));
			created.getContainerProperties().setLagInterval(Duration.ofMillis(200));
			created.getContainerProperties().setStartPosition(StartPosition::earliest);
			this.factory.accept(created);
			return created;
		}

	}

}
