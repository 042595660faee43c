package io.liftbridge.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Runs several real {@code liftbridge} executables as one replicated cluster, for tests
 * of what happens when a broker dies, hangs or comes back. Each has ports, data and a
 * NATS of its own, so that any one of them can be {@linkplain LiftbridgeServer#kill()
 * killed} or {@linkplain LiftbridgeServer#pause() frozen} without taking anything from
 * the others. A partition gets a new leader 2 seconds after its leader fell silent.
 *
 * <pre>{@code
 * try (LiftbridgeCluster cluster = LiftbridgeCluster.builder().start()) {
 *     connect(cluster.addresses());
 *     cluster.server("server-2").kill();
 *     cluster.server("server-2").start();
 * }
 * }</pre>
 *
 * Ask {@link LiftbridgeServer#isAvailable()} first. Safe for use by several threads.
 */
public final class LiftbridgeCluster implements AutoCloseable {

	private final Map<String, LiftbridgeServer> servers = new ConcurrentSkipListMap<>();

	private final Map<String, ServerPorts> founders;

	private final AtomicInteger last;

	private final Builder builder;

	private LiftbridgeCluster(Builder builder) {
		Map<String, ServerPorts> founders = new TreeMap<>();
		IntStream.rangeClosed(1, builder.size).forEach((i) -> founders.put("server-" + i, ServerPorts.free()));
		this.founders = founders;
		this.last = new AtomicInteger(builder.size);
		this.builder = builder;
		founders.keySet().forEach((id) -> this.servers.put(id, builder.member(id, founders)));
	}

	/**
	 * Begins the description of a cluster.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * All servers, whether they run or not, by id, without those that were removed.
	 * @return the servers
	 */
	public List<LiftbridgeServer> servers() {
		return List.copyOf(this.servers.values());
	}

	/**
	 * One server.
	 * @param id its id: {@code server-1}, {@code server-2} and so on
	 * @return the server
	 * @throws IllegalArgumentException if there is no such server
	 */
	public LiftbridgeServer server(String id) {
		LiftbridgeServer server = this.servers.get(id);
		if (server == null) {
			throw new IllegalArgumentException("No server '" + id + "'; there are " + this.servers.keySet());
		}
		return server;
	}

	/**
	 * Where clients connect to.
	 * @return {@code 127.0.0.1:port} of each server
	 */
	public List<String> addresses() {
		return servers().stream().map(LiftbridgeServer::address).toList();
	}

	/**
	 * Starts the servers that do not run, at the same time, and waits until they accept
	 * metadata writes: a majority has to run for that.
	 * @return this
	 * @throws IllegalStateException if one does not become ready
	 */
	public LiftbridgeCluster start() {
		Executor threads = (task) -> new Thread(task, "liftbridge-cluster-start").start();
		CompletableFuture<?>[] starts = servers().stream()
			.map((server) -> CompletableFuture.runAsync(server::start, threads))
			.toArray(CompletableFuture[]::new);
		try {
			CompletableFuture.allOf(starts).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
		return this;
	}

	/**
	 * Starts a server with an id and data of its own, which joins the running cluster.
	 * Streams that are there already get no replica on it.
	 * @return the new server, ready
	 * @throws IllegalStateException if it does not become ready: a majority has to run
	 */
	public LiftbridgeServer add() {
		String id = "server-" + this.last.incrementAndGet();
		LiftbridgeServer server = this.builder.member(id, this.founders);
		this.servers.put(id, server);
		return server.start();
	}

	/**
	 * Ends a server for good, as if its machine was gone. The cluster still counts it
	 * when it needs a majority, as there is no way to tell it otherwise.
	 * @param id its id
	 * @throws IllegalArgumentException if there is no such server
	 */
	public void remove(String id) {
		LiftbridgeServer server = server(id);
		server.kill();
		server.close();
		this.servers.remove(id);
	}

	/**
	 * Ends all servers, see {@link LiftbridgeServer#close()}.
	 */
	@Override
	public void close() {
		servers().forEach(LiftbridgeServer::close);
	}

	@Override
	public String toString() {
		return "LiftbridgeCluster" + this.servers.values();
	}

	/**
	 * Describes a cluster. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final Map<String, Object> settings = new LinkedHashMap<>();

		private Consumer<LiftbridgeServer.Builder> common = (server) -> {
		};

		private int size = 3;

		private @Nullable Path directory;

		private Builder() {
			setting("clustering.replica.max.leader.timeout", "2s");
			setting("clustering.replica.max.lag.time", "3s");
			setting("clustering.replica.max.idle.wait", "1s");
			setting("clustering.replica.fetch.timeout", "1s");
		}

		/**
		 * How many servers there are.
		 * @param size their number, 3 by default
		 * @return this
		 */
		public Builder size(int size) {
			if (size < 1) {
				throw new IllegalArgumentException("size must be 1 or more: " + size);
			}
			this.size = size;
			return this;
		}

		/**
		 * Adds a setting of all servers' configuration files, see
		 * {@link LiftbridgeServer.Builder#setting}.
		 * @param key the setting's full name
		 * @param value its value
		 * @return this
		 */
		public Builder setting(String key, Object value) {
			ServerConfiguration.requireSettable(key);
			this.settings.put(key, value);
			return this;
		}

		/**
		 * Describes what all servers have in common.
		 * @param common called once for each server
		 * @return this
		 */
		public Builder each(Consumer<LiftbridgeServer.Builder> common) {
			this.common = this.common.andThen(common);
			return this;
		}

		/**
		 * Where the servers keep their data, configuration and logs, each in a directory
		 * of its own. It is not deleted in the end.
		 * @param directory a directory, created if it is missing; by default temporary
		 * ones that are deleted
		 * @return this
		 */
		public Builder dataDirectory(Path directory) {
			this.directory = directory;
			return this;
		}

		private LiftbridgeServer member(String id, Map<String, ServerPorts> members) {
			LiftbridgeServer.Builder server = LiftbridgeServer.builder().startTimeout(Duration.ofSeconds(60));
			this.settings.forEach(server::setting);
			if (this.directory != null) {
				server.dataDirectory(this.directory.resolve(id));
			}
			this.common.accept(server);
			return server.member(id, members).build();
		}

		/**
		 * Makes the cluster and starts it.
		 * @return the running cluster
		 * @throws IllegalStateException if there is no executable, or a server does not
		 * start
		 */
		public LiftbridgeCluster start() {
			LiftbridgeCluster cluster = new LiftbridgeCluster(this);
			try {
				return cluster.start();
			}
			catch (RuntimeException ex) {
				cluster.close();
				throw ex;
			}
		}

	}

}
