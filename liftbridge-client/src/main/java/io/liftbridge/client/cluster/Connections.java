package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

	private static final int MAX_PORT = 65535;

	private final Transport transport;

	private final ClusterOptions options;

	private final ConnectionListener listener;

	private final Map<Route, BrokerConnection> open = new ConcurrentHashMap<>();

	private volatile Map<String, Route> brokers = Map.of();

	/** When a broker was last reached again that had been away. */
	private volatile long recoveredNanos;

	private volatile boolean recovered;

	private volatile boolean closed;

	Connections(Transport transport, ClusterOptions options) {
		this.transport = transport;
		this.options = options;
		this.listener = ConnectionListener.all(List.of(options.listener()));
	}

	private @Nullable BrokerConnection to(Route route) {
		if (this.closed) {
			return null;
		}
		BrokerConnection connection = this.open.computeIfAbsent(route, this::connect);
		if (this.closed) {
			connection.shutdownNow();
			return null;
		}
		return connection;
	}

	private BrokerConnection connect(Route route) {
		BrokerConnection connection = new BrokerConnection(this.transport, route.address(),
				new LoggingListener(this.listener), new Route.Owner(this, route), isReturning(route));
		if (route.broker() != null) {
			connection.describe(route.broker(), 0, 0);
		}
		return connection;
	}

	/**
	 * One that joins a cluster that is known may have been away for so long that the
	 * others had forgotten it. Behind a load balancer each connection is a new one.
	 */
	private boolean isReturning(Route route) {
		return route.broker() == null && !this.brokers.isEmpty();
	}

	/**
	 * A load balancer has led to another broker than the one that was meant: the next
	 * connection may lead elsewhere. Calls under way are left alone, and so is what has
	 * taken its place since.
	 */
	private void strayed(Route route, BrokerConnection connection) {
		if (this.options.isBalanced() && route.broker() != null && this.open.remove(route, connection)) {
			connection.shutdown();
		}
	}

	private void recovered() {
		this.recoveredNanos = System.nanoTime();
		this.recovered = true;
	}

	/**
	 * Chooses a connection.
	 * @param ids brokers that can answer, empty for any
	 */
	@Nullable BrokerConnection pick(List<String> ids) {
		List<BrokerConnection> candidates = candidates(ids);
		return candidates.isEmpty() ? null : candidates.get(0);
	}

	/**
	 * Those that can answer: the healthy ones first, members of the cluster before seeds,
	 * otherwise as selected.
	 */
	List<BrokerConnection> candidates(List<String> ids) {
		Map<String, Route> known = this.brokers;
		List<Route> routes = new ArrayList<>();
		if (ids.isEmpty()) {
			if (!this.options.isBalanced()) {
				routes.addAll(known.values());
			}
			Collections.shuffle(routes);
			List<Route> seeds = new ArrayList<>(this.options.seeds().stream().map(Route::to).toList());
			Collections.shuffle(seeds);
			seeds.removeAll(routes);
			routes.addAll(seeds);
		}
		else {
			ids.stream().map(known::get).filter(Objects::nonNull).forEach(routes::add);
			Collections.shuffle(routes);
		}
		List<BrokerConnection> result = new ArrayList<>();
		for (Route route : routes) {
			try {
				BrokerConnection connection = to(route);
				if (connection != null) {
					result.add(connection);
				}
			}
			catch (IllegalArgumentException ex) {
				logger.warn("{} cannot be used as an address: {}", route.address(), ex.getMessage());
			}
		}
		result.sort(Comparator.comparing(Connections::isDown)
			.thenComparing((connection) -> connection.isSeed() && !known.isEmpty())
			.thenComparingLong(this::rank));
		return result;
	}

	private long rank(BrokerConnection connection) {
		return switch (this.options.selection()) {
			case RANDOM -> 0;
			case LOWEST_LATENCY -> connection.latencyNanos();
			case LOWEST_LOAD -> connection.status().partitions() + connection.status().leaders();
		};
	}

	private static boolean isDown(BrokerConnection connection) {
		return connection.status().state() == BrokerStatus.State.DOWN;
	}

	/** Takes over who the brokers are, and lets go of those that left. */
	void update(ClusterMetadata metadata) {
		Map<String, Route> next = new ConcurrentHashMap<>();
		RuntimeException unusable = null;
		for (Broker broker : metadata.brokers()) {
			if (broker.getPort() < 1 || broker.getPort() > MAX_PORT || broker.getHost().isEmpty()) {
				// Calls to a port that cannot be would wait until their time is up.
				continue;
			}
			Address advertised = new Address(broker.getHost(), broker.getPort());
			try {
				Route route = route(broker.getId(), advertised);
				BrokerConnection connection = this.options.isBalanced() ? this.open.get(route) : to(route);
				next.put(broker.getId(), route);
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
		Map<String, Route> before = this.brokers;
		this.brokers = next;
		tell(before, next);
		Set<Route> kept = new HashSet<>(next.values());
		this.options.seeds().stream().map(Route::to).forEach(kept::add);
		this.open.forEach((route, connection) -> {
			if (!kept.contains(route) && this.open.remove(route, connection)) {
				logger.info("Broker {} left the cluster", connection.name());
				connection.shutdown();
			}
		});
	}

	/** One that has moved has left one place and come to another. */
	private void tell(Map<String, Route> before, Map<String, Route> now) {
		if (this.options.isBalanced() && before.keySet().equals(now.keySet())) {
			// Which load balancer leads to a broker says nothing of the broker.
			return;
		}
		before.forEach((id, route) -> {
			if (!route.equals(now.get(id))) {
				this.listener.onBrokerRemoved(id, route.address());
			}
		});
		now.forEach((id, route) -> {
			if (!route.equals(before.get(id))) {
				this.listener.onBrokerAdded(id, route.address());
			}
		});
	}

	ConnectionListener listener() {
		return this.listener;
	}

	private Route route(String broker, Address advertised) {
		if (this.options.isBalanced()) {
			return balanced(broker);
		}
		return Route.to(this.options.resolver().resolve(advertised));
	}

	/** Each load balancer leads to any broker: one that is down is not waited for. */
	private Route balanced(String broker) {
		List<Address> seeds = this.options.seeds();
		Route present = this.brokers.get(broker);
		if (present == null) {
			return new Route(seeds.get(Math.floorMod(broker.hashCode(), seeds.size())), broker);
		}
		BrokerConnection connection = this.open.get(present);
		int next = (seeds.indexOf(present.address()) + 1) % seeds.size();
		return (connection != null && isDown(connection)) ? new Route(seeds.get(next), broker) : present;
	}

	List<BrokerStatus> statuses() {
		Set<Route> members = new HashSet<>(this.brokers.values());
		return this.open.entrySet()
			.stream()
			// A seed under another name than the broker advertises is no second broker.
			.filter((entry) -> members.isEmpty() || this.options.isBalanced() || members.contains(entry.getKey()))
			.map((entry) -> entry.getValue().status())
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
		Set<Route> members = new HashSet<>(this.brokers.values());
		return CompletableFuture.allOf(this.open.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().isPingDue()
					&& (members.contains(entry.getKey()) || this.options.isBalanced()))
			.map((entry) -> entry.getValue().ping(this.options.connectTimeout()))
			.toArray(CompletableFuture[]::new));
	}

	/**
	 * Whether a broker came back from being away so recently that it may not know all its
	 * streams yet.
	 */
	boolean anyRecovering(Duration window) {
		return this.recovered && System.nanoTime() - this.recoveredNanos < window.toNanos();
	}

	@Override
	public void close() {
		this.closed = true;
		this.open.values().forEach(BrokerConnection::shutdownNow);
	}

	/**
	 * A connection's place.
	 *
	 * @param address where it leads
	 * @param broker behind a load balancer, whom it is meant to lead to
	 */
	private record Route(Address address, @Nullable String broker) {

		static Route to(Address address) {
			return new Route(address, null);
		}

		/** Of the connection that leads there. */
		private record Owner(Connections connections, Route route) implements BrokerConnection.Owner {

			@Override
			public void strayed(BrokerConnection connection) {
				this.connections.strayed(this.route, connection);
			}

			@Override
			public void recovered() {
				this.connections.recovered();
			}

			@Override
			public boolean isAdvertisedOnly() {
				return !this.connections.options.seeds().contains(this.route.address());
			}

		}

	}

	/** One line in the log when a broker comes or goes. */
	private record LoggingListener(ConnectionListener next) implements ConnectionListener {

		@Override
		public void onUp(BrokerStatus broker) {
			logger.info("Connected to broker {}", name(broker));
			this.next.onUp(broker);
		}

		@Override
		public void onDown(BrokerStatus broker) {
			logger.warn("Broker {} is down: {}", name(broker), broker.reason());
			this.next.onDown(broker);
		}

		@Override
		public void onReconnecting(BrokerStatus broker) {
			this.next.onReconnecting(broker);
		}

		/** The id is not known before the first answer. */
		private static String name(BrokerStatus broker) {
			String address = broker.address().toString();
			return broker.id().equals(address) ? address : broker.id() + " at " + address;
		}

	}

}
