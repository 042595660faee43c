package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.group.GroupConsumerBuilder;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A group "billing" that consumes stream "orders" while its members come and go.
 */
abstract class GroupScenarioTest {

	static final Duration LONG = Duration.ofSeconds(60);

	static final int PARTITIONS = 3;

	final Map<String, AtomicInteger> processed = GroupMemberUnderTest.counts();

	final List<GroupMemberUnderTest> members = new ArrayList<>();

	final AtomicInteger sent = new AtomicInteger();

	String broker;

	LiftbridgeClient client;

	Producer producer;

	ScenarioBroker server;

	abstract ScenarioBroker startBroker();

	@BeforeEach
	void start() throws Exception {
		this.server = startBroker();
		this.broker = this.server.address();
		this.client = LiftbridgeClient.builder().seeds(this.broker).build();
		this.client.streams().createIfAbsent(StreamSpec.named("orders").partitions(PARTITIONS));
		this.producer = this.client.producer("orders").build();
	}

	@AfterEach
	void stop() {
		this.members.forEach(GroupMemberUnderTest::close);
		if (this.client != null) {
			this.client.close();
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	GroupMemberUnderTest join(Consumer<GroupConsumerBuilder> settings) throws Exception {
		GroupMemberUnderTest member = new GroupMemberUnderTest(this.broker, "billing", this.processed, settings);
		this.members.add(member);
		member.consumer().started().get(LONG.toSeconds(), TimeUnit.SECONDS);
		return member;
	}

	GroupMemberUnderTest join() throws Exception {
		return join((builder) -> {
		});
	}

	void send(int count) {
		List<CompletableFuture<?>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = this.sent.getAndIncrement();
			acks.add(this.producer
				.send(Message.builder().value(Integer.toString(number)).partition(number % PARTITIONS).build()));
		}
		CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
	}

	void awaitAllProcessed() {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(GroupMemberUnderTest.missing(this.processed, this.sent.get())).isEmpty());
	}

	/** Each partition has exactly one owner, and none has more than its share. */
	void awaitSettled(int size) {
		await().atMost(LONG).untilAsserted(() -> {
			List<GroupPartition> owned = this.members.stream().flatMap((m) -> m.partitions().stream()).toList();
			assertThat(owned).doesNotHaveDuplicates().hasSize(PARTITIONS);
			List<Integer> shares = this.members.stream()
				.map((m) -> m.partitions().size())
				.sorted(Comparator.reverseOrder())
				.toList();
			assertThat(shares).hasSize(size);
			assertThat(shares.get(0)).isEqualTo((PARTITIONS + size - 1) / size);
		});
	}

	void leave(int index) {
		this.members.remove(index).close();
	}

}
