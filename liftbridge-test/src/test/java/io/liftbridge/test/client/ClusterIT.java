package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client must come through when brokers of a replicated cluster die, hang and come
 * back while it publishes and reads.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class ClusterIT {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final int PARTITIONS = 2;

	private static LiftbridgeCluster cluster;

	private final String stream = "orders-" + UUID.randomUUID();

	private final AtomicInteger sent = new AtomicInteger();

	private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final List<ReceivedMessage<byte[]>> received = Collections.synchronizedList(new ArrayList<>());

	private LiftbridgeClient client;

	@BeforeAll
	static void startCluster() {
		cluster = LiftbridgeCluster.builder().start();
	}

	@AfterAll
	static void closeCluster() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@BeforeEach
	void connect() {
		cluster.start();
		this.client = LiftbridgeClient.builder().seeds(cluster.addresses()).requestTimeout(LONG).build();
		this.client.streams()
			.create(StreamSpec.named(this.stream).partitions(PARTITIONS).replicationFactor(3).minIsr(2));
	}

	@AfterEach
	void disconnect() {
		cluster.servers().forEach(LiftbridgeServer::resume);
		if (this.client != null) {
			this.client.close();
		}
	}

	@Test
	void aLeaderThatIsKilledTakesNothingAlong() throws Exception {
		whileMessagesFlow(() -> {
			LiftbridgeServer leader = leader();
			leader.kill();
			awaitAcknowledged(500);
			assertThat(leader()).isNotEqualTo(leader);
			awaitState(leader, BrokerStatus.State.DOWN);
			leader.start();
			awaitAcknowledged(500);
			awaitState(leader, BrokerStatus.State.UP);
		});
	}

	@Test
	void aLeaderThatHangsAndGoesOnTakesNothingAlong() throws Exception {
		whileMessagesFlow(() -> {
			LiftbridgeServer leader = leader();
			leader.pause();
			awaitAcknowledged(500);
			leader.resume();
			awaitAcknowledged(500);
			awaitState(leader, BrokerStatus.State.UP);
		});
	}

	@Test
	void brokersAreReplacedOneAfterTheOther() throws Exception {
		whileMessagesFlow(() -> {
			for (LiftbridgeServer server : cluster.servers()) {
				server.stop();
				awaitAcknowledged(300);
				server.start();
				awaitInSync();
				awaitAcknowledged(300);
			}
		});
	}

	private void whileMessagesFlow(Action action) throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		List<Subscription> subscriptions = new ArrayList<>();
		Producer producer = this.client.producer(this.stream)
			.ackPolicy(AckPolicy.ALL)
			.ackTimeout(LONG)
			.enqueueTimeout(LONG)
			.maxInFlight(100)
			.build();
		try (producer) {
			for (int partition = 0; partition < PARTITIONS; partition++) {
				subscriptions.add(this.client.subscribe(this.stream)
					.partition(partition)
					.from(StartPosition.earliest())
					.handler(this.received::add)
					.start());
			}
			Thread sender = new Thread(() -> {
				while (running.get()) {
					send(producer);
				}
			});
			sender.start();
			try {
				awaitAcknowledged(500);
				action.run();
			}
			finally {
				running.set(false);
				sender.join();
			}
			producer.flush();
			assertThat(this.failures).isEmpty();
			assertThat(this.acknowledged).hasSize(this.sent.get());
			await().atMost(LONG).until(() -> texts(this.received).containsAll(this.acknowledged));
			assertThat(subscriptions).allMatch(Subscription::isLive);
		}
		finally {
			subscriptions.forEach(Subscription::close);
		}
		assertOrder(this.received);
		assertThat(stored()).as("what a reader finds afterwards").containsAll(this.acknowledged);
	}

	private void send(Producer producer) {
		int number = this.sent.getAndIncrement();
		String text = Integer.toString(number);
		producer.send(Message.builder().value(text).partition(number % PARTITIONS).build())
			.whenComplete((ack, failure) -> {
				if (failure != null) {
					this.failures.add(failure);
				}
				else {
					this.acknowledged.add(text);
				}
			});
	}

	private Set<String> stored() {
		Set<String> texts = new LinkedHashSet<>();
		for (int partition = 0; partition < PARTITIONS; partition++) {
			texts.addAll(texts(this.client.reader()
				.read(this.stream, partition, StartPosition.earliest(), Integer.MAX_VALUE, LONG)));
		}
		return texts;
	}

	private static void assertOrder(List<ReceivedMessage<byte[]>> messages) {
		for (int partition = 0; partition < PARTITIONS; partition++) {
			int number = partition;
			List<ReceivedMessage<byte[]>> own = messages.stream().filter((m) -> m.partition() == number).toList();
			List<Long> offsets = own.stream().map(ReceivedMessage::offset).toList();
			assertThat(offsets).as("each offset once").isEqualTo(offsets.stream().sorted().distinct().toList());
			assertThat(texts(own).stream().map(Integer::valueOf).toList())
				.as("each message's first copy, in the order of sending")
				.isSorted();
		}
	}

	private LiftbridgeServer leader() {
		String id = this.client.streams().describe(this.stream).partitions().get(0).leader();
		assertThat(id).isNotNull();
		return cluster.server(id);
	}

	private void awaitAcknowledged(int more) {
		int before = this.acknowledged.size();
		await().atMost(LONG).until(() -> this.acknowledged.size() > before + more || !this.failures.isEmpty());
		assertThat(this.failures).isEmpty();
	}

	private void awaitState(LiftbridgeServer server, BrokerStatus.State state) {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.brokers()).filteredOn((b) -> b.id().equals(server.id()))
				.extracting(BrokerStatus::state)
				.containsExactly(state));
	}

	private void awaitInSync() {
		await().atMost(LONG)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(this.client.streams().describe(this.stream).partitions())
				.extracting(PartitionInfo::isr)
				.allMatch((isr) -> isr.size() == 3));
	}

	private static Set<String> texts(List<ReceivedMessage<byte[]>> messages) {
		Set<String> texts = new LinkedHashSet<>();
		synchronized (messages) {
			messages.forEach((message) -> texts.add(message.text()));
		}
		return texts;
	}

	private interface Action {

		void run() throws Exception;

	}

}
