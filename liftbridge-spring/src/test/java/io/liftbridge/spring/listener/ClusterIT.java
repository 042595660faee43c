package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What listeners, alone and in a group of two applications, must come through when a
 * broker of three is killed while messages flow.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class ClusterIT {

	private static final Duration LONG = Duration.ofSeconds(90);

	private static final int PARTITIONS = 3;

	private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Set<String> shared = ConcurrentHashMap.newKeySet();

	private final Alone alone = new Alone();

	private final List<TestApplication> applications = new ArrayList<>();

	private LiftbridgeCluster cluster;

	private LiftbridgeTemplate template;

	@BeforeEach
	void start() {
		this.cluster = LiftbridgeCluster.builder()
			.setting("groups.consumer.timeout", "6s")
			.setting("groups.coordinator.timeout", "4s")
			.start();
		LiftbridgeClient client = application(this.alone).client();
		client.streams().create(StreamSpec.named("orders").partitions(PARTITIONS).replicationFactor(3).minIsr(2));
		this.template = new LiftbridgeTemplate(client, new DefaultProducerFactory(client, List.of((stream,
				producer) -> producer.ackPolicy(AckPolicy.ALL).ackTimeout(LONG).enqueueTimeout(LONG).maxInFlight(30)),
				List.of()));
		application(new Member());
		application(new Member());
	}

	private TestApplication application(Object listener) {
		TestApplication application = TestApplication.on(this.cluster.addresses().get(0))
			.client((client) -> client.seeds(this.cluster.addresses()))
			.listener(listener)
			.start();
		this.applications.add(application);
		return application;
	}

	@AfterEach
	void stop() {
		this.applications.forEach(TestApplication::close);
		this.cluster.close();
	}

	@Test
	void nothingIsLostWhenTheLeaderOfAPartitionIsKilled() throws InterruptedException {
		AtomicBoolean running = new AtomicBoolean(true);
		Thread sender = new Thread(() -> {
			for (int i = 0; running.get(); i++) {
				send(i);
			}
		});
		sender.start();
		try {
			awaitMore(200);
			LiftbridgeServer leader = leader();
			leader.kill();
			awaitMore(200);
			leader.start();
			awaitMore(200);
		}
		finally {
			running.set(false);
			sender.join();
		}
		await().atMost(LONG).untilAsserted(() -> {
			assertThat(this.shared).containsAll(this.acknowledged);
			assertThat(this.alone.texts).containsAll(this.acknowledged);
		});
		assertThat(this.failures).isEmpty();
		assertThat(this.alone.offsets.values()).hasSize(PARTITIONS)
			.allSatisfy((offsets) -> assertThat(List.copyOf(offsets)).isSorted().doesNotHaveDuplicates());
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.applications).flatExtracting(TestApplication::registry)
				.allSatisfy((registry) -> assertThat(((LiftbridgeListenerEndpointRegistry) registry).containers())
					.flatExtracting(ListenerContainer::partitions)
					.allSatisfy((status) -> {
						assertThat(status.state()).isEqualTo(PartitionState.LIVE);
						assertThat(status.stored()).isEqualTo(status.position());
					})));
	}

	private void send(int number) {
		String text = Integer.toString(number);
		this.template.send("orders", "key-" + number, text).whenComplete((ack, failure) -> {
			if (failure == null) {
				this.acknowledged.add(text);
			}
			else {
				this.failures.add(failure);
			}
		});
	}

	private void awaitMore(int more) {
		int alone = this.alone.texts.size() + more;
		int shared = this.shared.size() + more;
		await().atMost(LONG).until(() -> this.alone.texts.size() > alone && this.shared.size() > shared);
	}

	private LiftbridgeServer leader() {
		String id = this.applications.get(0).client().streams().describe("orders").partitions().get(0).leader();
		assertThat(id).isNotNull();
		return this.cluster.server(id);
	}

	static class Alone {

		final Set<String> texts = ConcurrentHashMap.newKeySet();

		final Map<Integer, Queue<Long>> offsets = new ConcurrentHashMap<>();

		@LiftbridgeListener(id = "alone", streams = "orders", concurrency = "2")
		void on(ReceivedMessage<String> message) {
			this.offsets.computeIfAbsent(message.partition(), (partition) -> new ConcurrentLinkedQueue<>())
				.add(message.offset());
			this.texts.add(message.value());
		}

	}

	class Member {

		@LiftbridgeListener(id = "member", streams = "orders", group = "billing")
		void on(String text) {
			ClusterIT.this.shared.add(text);
		}

	}

}
