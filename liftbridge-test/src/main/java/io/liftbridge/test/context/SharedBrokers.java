package io.liftbridge.test.context;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;

/**
 * Brokers that several test classes use. They end with the JVM.
 */
final class SharedBrokers {

	private static final Map<List<String>, EmbeddedBroker> brokers = new HashMap<>();

	private static final ReentrantLock lock = new ReentrantLock();

	private SharedBrokers() {
	}

	/**
	 * Finds or starts a broker, and adds what is missing.
	 * @param settings its settings
	 * @param streams number of partitions of the streams that it must have
	 * @throws IllegalStateException if one of them has another number of partitions
	 */
	static EmbeddedBroker get(List<String> settings, Map<String, Integer> streams) {
		lock.lock();
		try {
			EmbeddedBroker broker = brokers.computeIfAbsent(settings, SharedBrokers::start);
			if (!broker.isRunning()) {
				// Somebody has stopped it, which is nothing to the next test.
				broker.restart();
			}
			addStreams(broker, streams);
			return broker;
		}
		finally {
			lock.unlock();
		}
	}

	private static EmbeddedBroker start(List<String> settings) {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
		BrokerSettings.apply(settings, builder);
		return builder.start();
	}

	private static void addStreams(EmbeddedBroker broker, Map<String, Integer> streams) {
		if (streams.isEmpty()) {
			return;
		}
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			streams.forEach((name, partitions) -> {
				if (!client.streams().createIfAbsent(StreamSpec.named(name).partitions(partitions))) {
					int present = client.streams().describe(name).partitions().size();
					if (present != partitions) {
						throw new IllegalStateException("@EmbeddedLiftbridge: the shared broker has stream '" + name
								+ "' with " + present + " partitions, this test wants " + partitions
								+ ": use another name, or a broker that is not shared");
					}
				}
			});
		}
	}

}
