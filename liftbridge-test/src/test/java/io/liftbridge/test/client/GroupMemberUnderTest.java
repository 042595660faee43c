package io.liftbridge.test.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupConsumerBuilder;
import io.liftbridge.client.group.GroupPartition;

/**
 * One member of a group with a connection of its own, and what all members have
 * processed.
 */
final class GroupMemberUnderTest implements AutoCloseable {

	private final Map<String, AtomicInteger> processed;

	private final Relay relay;

	private final LiftbridgeClient client;

	private final GroupConsumer consumer;

	GroupMemberUnderTest(String broker, String group, Map<String, AtomicInteger> processed,
			Consumer<GroupConsumerBuilder> settings) throws IOException {
		this.processed = processed;
		this.relay = new Relay(broker);
		int port = this.relay.port();
		this.client = LiftbridgeClient.builder()
			.seeds("127.0.0.1:" + port)
			.addressResolver((advertised) -> new Address("127.0.0.1", port))
			.build();
		GroupConsumerBuilder builder = this.client.group(group)
			.streams("orders")
			.from(StartPosition.earliest())
			.tracking(OffsetTracking.every(100, Duration.ofMillis(200)))
			.handler((message) -> count(message.text()));
		settings.accept(builder);
		this.consumer = builder.start();
	}

	private void count(String text) {
		this.processed.computeIfAbsent(text, (key) -> new AtomicInteger()).incrementAndGet();
	}

	GroupConsumer consumer() {
		return this.consumer;
	}

	List<GroupPartition> partitions() {
		return this.consumer.member().partitions();
	}

	Relay relay() {
		return this.relay;
	}

	/** Vanishes without a word. */
	void vanish() {
		this.relay.cut();
		this.client.close(Duration.ZERO);
	}

	@Override
	public void close() {
		this.consumer.close();
		this.client.close();
		this.relay.close();
	}

	static Map<String, AtomicInteger> counts() {
		return new ConcurrentHashMap<>();
	}

	static Set<String> missing(Map<String, AtomicInteger> processed, int upTo) {
		Set<String> missing = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < upTo; i++) {
			if (!processed.containsKey(Integer.toString(i))) {
				missing.add(Integer.toString(i));
			}
		}
		return missing;
	}

}
