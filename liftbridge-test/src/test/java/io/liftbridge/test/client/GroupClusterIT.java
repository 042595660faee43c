package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
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
 * What a group must come through when the broker dies or hangs that coordinates it. A
 * server gives a group another coordinator only if its members report the present one.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class GroupClusterIT {

	private static final Duration LONG = Duration.ofSeconds(90);

	private static final int PARTITIONS = 3;

	private static LiftbridgeCluster cluster;

	private final String name = "billing-" + UUID.randomUUID();

	private final AtomicInteger sent = new AtomicInteger();

	private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final Set<String> texts = ConcurrentHashMap.newKeySet();

	private final Map<Place, AtomicInteger> processed = new ConcurrentHashMap<>();

	private final GroupRecord record = new GroupRecord();

	private final List<LiftbridgeClient> clients = new ArrayList<>();

	private final List<GroupConsumer> members = new ArrayList<>();

	private Producer producer;

	@BeforeAll
	static void startCluster() {
		cluster = LiftbridgeCluster.builder()
			.setting("groups.consumer.timeout", "6s")
			.setting("groups.coordinator.timeout", "4s")
			.start();
	}

	@AfterAll
	static void closeCluster() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@BeforeEach
	void joinAll() throws Exception {
		cluster.start();
		LiftbridgeClient client = client();
		client.streams().create(StreamSpec.named(this.name).partitions(PARTITIONS).replicationFactor(3).minIsr(2));
		this.producer = client.producer(this.name)
			.ackPolicy(AckPolicy.ALL)
			.ackTimeout(LONG)
			.enqueueTimeout(LONG)
			.maxInFlight(30)
			.build();
		for (int i = 0; i < PARTITIONS; i++) {
			join();
		}
		awaitSettled();
	}

	@AfterEach
	void closeAll() {
		cluster.servers().forEach(LiftbridgeServer::resume);
		this.clients.forEach(LiftbridgeClient::close);
	}

	private LiftbridgeClient client() {
		LiftbridgeClient client = LiftbridgeClient.builder().seeds(cluster.addresses()).requestTimeout(LONG).build();
		this.clients.add(client);
		return client;
	}

	private void join() throws Exception {
		GroupRecord.Member own = this.record.member();
		GroupConsumer consumer = client().group(this.name)
			.streams(this.name)
			.from(StartPosition.earliest())
			.tracking(OffsetTracking.every(50, Duration.ofMillis(200)))
			.listener(own)
			.handler((message) -> {
				GroupPartition partition = new GroupPartition(message.stream(), message.partition());
				own.processes(partition, message.offset());
				this.processed.computeIfAbsent(new Place(partition, message.offset()), (key) -> new AtomicInteger())
					.incrementAndGet();
				this.texts.add(message.text());
			})
			.start();
		own.consumer(consumer);
		this.members.add(consumer);
		consumer.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
	}

	@Test
	void aCoordinatorThatIsKilledIsReplacedAndNothingIsLost() throws Exception {
		whileMessagesFlow(() -> {
			LiftbridgeServer coordinator = coordinator();
			coordinator.kill();
			awaitCoordinatorOtherThan(coordinator);
			awaitProcessed(300);
			coordinator.start();
			awaitProcessed(300);
		});
		assertNothingDoubledWithoutNeed();
	}

	@Test
	void aCoordinatorThatHangsIsReplacedAndNothingIsLost() throws Exception {
		whileMessagesFlow(() -> {
			LiftbridgeServer coordinator = coordinator();
			coordinator.pause();
			awaitCoordinatorOtherThan(coordinator);
			awaitProcessed(300);
			coordinator.resume();
			awaitProcessed(300);
		});
		assertNothingDoubledWithoutNeed();
	}

	@Test
	void aMemberThatVanishesWithTheCoordinatorIsReplacedByTheOthers() throws Exception {
		whileMessagesFlow(() -> {
			LiftbridgeServer coordinator = coordinator();
			coordinator.kill();
			// The client of the last member; the first one is the producer's.
			this.clients.get(PARTITIONS).close(Duration.ZERO);
			this.members.remove(PARTITIONS - 1);
			awaitSettled();
			awaitCoordinatorOtherThan(coordinator);
			awaitProcessed(300);
			coordinator.start();
		});
	}

	private void whileMessagesFlow(Action action) throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		Thread sender = new Thread(() -> {
			while (running.get()) {
				send();
			}
		});
		sender.start();
		try {
			awaitProcessed(300);
			this.record.settled();
			action.run();
		}
		finally {
			running.set(false);
			sender.join();
		}
		this.producer.flush();
		awaitAllProcessed();
		awaitSettled();
		assertThat(this.record.violations()).isEmpty();
		// The group has settled: from now on nothing is processed twice.
		List<Place> doubled = doubled();
		for (int i = 0; i < 300; i++) {
			send();
		}
		this.producer.flush();
		awaitAllProcessed();
		assertThat(doubled()).hasSameElementsAs(doubled);
		assertThat(this.failures).isEmpty();
	}

	/** A server that was frozen removes members as soon as it goes on. */
	private void assertNothingDoubledWithoutNeed() {
		assertThat(doubled()).as("processed twice by one member")
			.allMatch((at) -> this.record.hasMoved(at.partition()));
	}

	private void send() {
		int number = this.sent.getAndIncrement();
		String text = Integer.toString(number);
		this.producer.send(Message.builder().value(text).partition(number % PARTITIONS).build())
			.whenComplete((ack, failure) -> {
				if (failure != null) {
					this.failures.add(failure);
				}
				else {
					this.acknowledged.add(text);
				}
			});
	}

	private List<Place> doubled() {
		return this.processed.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().get() > 1)
			.map(Map.Entry::getKey)
			.toList();
	}

	private LiftbridgeServer coordinator() {
		return cluster.server(this.members.get(0).member().coordinator());
	}

	private void awaitCoordinatorOtherThan(LiftbridgeServer former) {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.members).extracting((member) -> member.member().coordinator())
				.doesNotContain(former.id()));
	}

	private void awaitProcessed(int more) {
		int before = this.texts.size();
		await().atMost(LONG).until(() -> this.texts.size() > before + more || !this.failures.isEmpty());
		assertThat(this.failures).isEmpty();
	}

	private void awaitAllProcessed() {
		await().atMost(LONG).untilAsserted(() -> assertThat(this.acknowledged).allMatch(this.texts::contains));
	}

	/** Each partition has exactly one owner. */
	private void awaitSettled() {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.members).flatExtracting((member) -> member.member().partitions())
				.doesNotHaveDuplicates()
				.hasSize(PARTITIONS));
	}

	private record Place(GroupPartition partition, long offset) {
	}

	private interface Action {

		void run() throws Exception;

	}

}
