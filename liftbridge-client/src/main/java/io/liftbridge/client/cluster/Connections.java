package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.proto.Broker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a client: to the brokers of the last metadata, and to seeds as long
 * as nothing better is known.
 */
final class Connections implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Connections.class);

	private final Transport transport;

	private final ClusterOptions options;

	private final Map<Address, BrokerConnection> open = new ConcurrentHashMap<>();

	private volatile Map<String, Address> brokers = Map.of();

	private volatile boolean closed;

	Connections(Transport transport, ClusterOptions options) {
		this.transport = transport;
		this.options = options;
	}

	private @Nullable BrokerConnection to(Address address) {
		if (this.closed) {
			return null;
		}
		BrokerConnection connection = this.open.computeIfAbsent(address,
				(key) -> new BrokerConnection(this.transport, key, new LoggingListener(this.options.listener())));
		if (this.closed) {
			connection.shutdownNow();
			return null;
		}
		return connection;
	}

	/**
	 * Chooses a connection.
	 * @param ids brokers that can answer, empty for any
	 */
	@Nullable BrokerConnection pick(List<String> ids) {
		List<BrokerConnection> candidates = candidates(ids);
		return candidates.isEmpty() ? null : candidates.get(0);
	}

	/** Those that can answer, the healthy ones first, otherwise in random order. */
	List<BrokerConnection> candidates(List<String> ids) {
		Map<String, Address> known = this.brokers;
		List<Address> addresses = new ArrayList<>();
		for (String id : ids.isEmpty() ? known.keySet() : ids) {
			Address address = known.get(id);
			if (address != null) {
				addresses.add(address);
			}
		}
		Collections.shuffle(addresses);
		if (ids.isEmpty()) {
			List<Address> seeds = new ArrayList<>(this.options.seeds());
			Collections.shuffle(seeds);
			seeds.removeAll(addresses);
			addresses.addAll(seeds);
		}
		List<BrokerConnection> result = new ArrayList<>();
		for (Address address : addresses) {
			try {
				BrokerConnection connection = to(address);
				if (connection != null) {
					result.add(connection);
				}
			}
			catch (IllegalArgumentException ex) {
				logger.warn("{} cannot be used as an address: {}", address, ex.getMessage());
			}
		}
		result.sort((a, b) -> Boolean.compare(isDown(a), isDown(b)));
		return result;
	}

	private static boolean isDown(BrokerConnection connection) {
		return connection.status().state() == BrokerStatus.State.DOWN;
	}

	/** Takes over who the brokers are, and lets go of those that left. */
	void update(ClusterMetadata metadata) {
		Map<String, Address> next = new ConcurrentHashMap<>();
		RuntimeException unusable = null;
		for (Broker broker : metadata.brokers()) {
			if (broker.getPort() < 1 || broker.getHost().isEmpty()) {
				continue;
			}
			Address advertised = new Address(broker.getHost(), broker.getPort());
			try {
				Address address = this.options.resolver().resolve(advertised);
				BrokerConnection connection = to(address);
				next.put(broker.getId(), address);
				if (connection != null) {
					connection.describe(broker.getId(), broker.getPartitionCount(), broker.getLeaderCount());
				}
			}
			catch (RuntimeException ex) {
				// One broker that cannot be reached must not hide the others.
				unusable = ex;
				logger.warn("Broker {} advertises {}, which cannot be used: {}. Correct its configuration, or translate"
						+ " it with an address resolver", broker.getId(), advertised, ex.getMessage());
			}
		}
		if (next.isEmpty() && unusable != null) {
			throw unusable;
		}
		this.brokers = next;
		Set<Address> kept = new HashSet<>(next.values());
		kept.addAll(this.options.seeds());
		this.open.forEach((address, connection) -> {
			if (!kept.contains(address) && this.open.remove(address, connection)) {
				logger.info("Broker {} left the cluster", connection.name());
				connection.shutdown();
			}
		});
	}

	List<BrokerStatus> statuses() {
		Set<Address> members = new HashSet<>(this.brokers.values());
		return this.open.values()
			.stream()
			.map(BrokerConnection::status)
			// A seed under another name than the broker advertises is no second broker.
			.filter((status) -> members.isEmpty() || members.contains(status.address()))
			.sorted((a, b) -> a.id().compareTo(b.id()))
			.toList();
	}

	/** Whether no broker is known to answer, but one is known not to. */
	boolean isCutOff() {
		boolean anyDown = false;
		for (BrokerConnection connection : this.open.values()) {
			if (connection.status().state() == BrokerStatus.State.UP) {
				return false;
			}
			anyDown |= isDown(connection);
		}
		return anyDown;
	}

	/** Asks the members whose state may have changed without a call; waits for nobody. */
	CompletableFuture<?> ping() {
		Set<Address> members = new HashSet<>(this.brokers.values());
		return CompletableFuture.allOf(this.open.values()
			.stream()
			.filter((connection) -> connection.isPingDue() && members.contains(connection.address()))
			.map((connection) -> connection.ping(this.options.connectTimeout()))
			.toArray(CompletableFuture[]::new));
	}

	boolean anyRecovering(Duration window) {
		return this.open.values().stream().anyMatch((connection) -> connection.isRecovering(window));
	}

	@Override
	public void close() {
		this.closed = true;
		this.open.values().forEach(BrokerConnection::shutdownNow);
	}

	/** One line in the log when a broker comes or goes. */
	private record LoggingListener(ConnectionListener next) implements ConnectionListener {

		@Override
		public void onUp(BrokerStatus broker) {
			logger.info("Connected to broker {}", name(broker));
			tell(() -> this.next.onUp(broker));
		}

		@Override
		public void onDown(BrokerStatus broker) {
			logger.warn("Broker {} is down: {}", name(broker), broker.reason());
			tell(() -> this.next.onDown(broker));
		}

		/** The id is not known before the first answer. */
		private static String name(BrokerStatus broker) {
			String address = broker.address().toString();
			return broker.id().equals(address) ? address : broker.id() + " at " + address;
		}

		private static void tell(Runnable notification) {
			try {
				notification.run();
			}
			catch (RuntimeException ex) {
				logger.warn("A connection listener failed", ex);
			}
		}

	}

}
