package io.liftbridge.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a real {@code liftbridge} executable for tests: one server with a NATS of its own
 * (for several that replicate see {@link LiftbridgeCluster}), on 127.0.0.1 only, at free
 * ports, with telemetry off and cursors on.
 * <p>
 * The executable is the one that the environment variable {@code LIFTBRIDGE_SERVER}
 * names, else {@code liftbridge} of the {@code PATH}; ask {@link #isAvailable()} first,
 * and skip the test where there is none. Needs a POSIX system, for its signals.
 *
 * <pre>{@code
 * try (LiftbridgeServer server = LiftbridgeServer.builder().start()) {
 *     connect(server.address());
 *     server.kill();
 *     server.start();
 * }
 * }</pre>
 *
 * A server keeps its ports and its data from its first {@link #start()} until
 * {@link #close()}. What was not closed is killed when the JVM ends. Safe for use by
 * several threads.
 */
public final class LiftbridgeServer implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final Logger logger = LoggerFactory.getLogger(LiftbridgeServer.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ServerDirectory directory;

	private final ServerLauncher launcher;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable ServerPorts ports;

	private volatile @Nullable ServerProcess process;

	private boolean paused;

	private boolean closed;

	private LiftbridgeServer(Builder builder) {
		Path executable = executable().orElseThrow(() -> new IllegalStateException(unavailableReason()));
		this.directory = ServerDirectory.of(builder.dataDirectory);
		this.ports = builder.members.get(builder.id);
		this.launcher = new ServerLauncher(executable, builder.id, Map.copyOf(builder.members), this.directory,
				builder.cursorPartitions, builder.tls, Map.copyOf(builder.settings), Map.copyOf(builder.environment),
				builder.startTimeout);
	}

	/**
	 * The executable that servers are run with, if this machine has one.
	 * @return its path, empty if {@code LIFTBRIDGE_SERVER} names no executable file, or
	 * is not set and the {@code PATH} has no {@code liftbridge}
	 */
	public static Optional<Path> executable() {
		return ServerExecutable.find();
	}

	/**
	 * Whether servers can be run on this machine.
	 * @return {@code true} if there is an {@link #executable()}
	 */
	public static boolean isAvailable() {
		return executable().isPresent();
	}

	/**
	 * Why no server can be run, as a reason to skip a test with.
	 * @return a sentence that names the remedy
	 */
	public static String unavailableReason() {
		return "No liftbridge server: environment variable " + ServerExecutable.VARIABLE
				+ " names no executable file, and the PATH has no '" + ServerExecutable.NAME + "'";
	}

	/**
	 * Begins the description of a server.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts the server and waits until it accepts metadata writes. Does nothing if it is
	 * running.
	 * @return this
	 * @throws IllegalStateException if it ends or is not ready within the start timeout;
	 * the message has the end of its log. Also if this is closed.
	 */
	public LiftbridgeServer start() {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IllegalStateException("The server is closed");
			}
			if (!isRunning()) {
				ServerLauncher.Started started = this.launcher.start(this.ports);
				this.process = started.process();
				this.ports = started.ports();
				this.paused = false;
				logger.info("Liftbridge server {} is ready at {}", started.process().pid(), address());
			}
			return this;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops the server in good order (SIGINT), so that its open calls end with
	 * {@code UNAVAILABLE}. Does nothing if it is not running.
	 */
	public void stop() {
		this.lock.lock();
		try {
			ServerProcess process = this.process;
			if (process == null || !process.isAlive()) {
				return;
			}
			resume();
			process.signal("INT");
			if (!process.endsWithin(STOP_TIMEOUT)) {
				logger.warn("Liftbridge server {} did not stop within {}, killing it", process.pid(), STOP_TIMEOUT);
				kill();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Kills the server (SIGKILL), as a power failure would. Does nothing if it is not
	 * running.
	 */
	public void kill() {
		this.lock.lock();
		try {
			ServerProcess process = this.process;
			if (process != null) {
				process.kill();
			}
			this.paused = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops the server in good order and starts it again, at the same ports with the same
	 * data.
	 */
	public void restart() {
		this.lock.lock();
		try {
			stop();
			start();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Freezes the server (SIGSTOP): its connections stay open and nothing is answered, as
	 * in a long pause or behind a dead network.
	 * @throws IllegalStateException if it is not running
	 */
	public void pause() {
		this.lock.lock();
		try {
			requireProcess().signal("STOP");
			this.paused = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets a {@linkplain #pause() paused} server go on (SIGCONT). Does nothing if it is
	 * not paused.
	 */
	public void resume() {
		this.lock.lock();
		try {
			if (this.paused) {
				requireProcess().signal("CONT");
				this.paused = false;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether the server's process lives. A paused one does.
	 * @return {@code true} between a start and the end of the process, whoever ended it
	 */
	public boolean isRunning() {
		ServerProcess process = this.process;
		return process != null && process.isAlive();
	}

	/**
	 * The server's id in its cluster, as brokers are called in metadata.
	 * @return the id
	 */
	public String id() {
		return this.launcher.serverId();
	}

	/**
	 * Where clients connect to.
	 * @return {@code 127.0.0.1:port}
	 * @throws IllegalStateException before the first start
	 */
	public String address() {
		return HOST + ":" + port();
	}

	/**
	 * The host that the server listens on.
	 * @return {@code 127.0.0.1}
	 */
	public String host() {
		return HOST;
	}

	/**
	 * The server's gRPC port.
	 * @return the port, the same over restarts
	 * @throws IllegalStateException before the first start
	 */
	public int port() {
		return requirePorts().grpc();
	}

	/**
	 * The port of the server's own NATS, for tests that bypass the gRPC interface.
	 * @return the port, the same over restarts
	 * @throws IllegalStateException before the first start
	 */
	public int natsPort() {
		return requirePorts().nats();
	}

	/**
	 * The file that has what the server printed, over all restarts.
	 * @return the log file
	 */
	public Path log() {
		return this.directory.log();
	}

	/**
	 * Ends the server. Temporary data is deleted, for which the server is killed:
	 * stopping in good order would only take longer. With a directory given by the caller
	 * it is {@linkplain #stop() stopped}, and the data stays. A second call does nothing.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.closed = true;
				if (this.directory.temporary()) {
					kill();
				}
				else {
					stop();
				}
				this.directory.delete();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private ServerPorts requirePorts() {
		ServerPorts ports = this.ports;
		if (ports == null) {
			throw new IllegalStateException("The server was not started yet");
		}
		return ports;
	}

	private ServerProcess requireProcess() {
		ServerProcess process = this.process;
		if (process == null || !process.isAlive()) {
			throw new IllegalStateException("The server is not running");
		}
		return process;
	}

	@Override
	public String toString() {
		ServerPorts ports = this.ports;
		return "LiftbridgeServer[" + ((ports != null) ? HOST + ":" + ports.grpc() : "not started") + "]";
	}

	/**
	 * Describes a server. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final Map<String, String> settings = new LinkedHashMap<>();

		private final Map<String, String> environment = new LinkedHashMap<>();

		private String id = "server-1";

		private Map<String, ServerPorts> members = Map.of();

		private int cursorPartitions = 1;

		private @Nullable ServerTls tls;

		private @Nullable Path dataDirectory;

		private Duration startTimeout = Duration.ofSeconds(30);

		private Builder() {
		}

		/** Makes it one of several. */
		Builder member(String id, Map<String, ServerPorts> members) {
			this.id = id;
			this.members = members;
			return this;
		}

		/**
		 * Partitions of the stream that holds the cursors.
		 * @param partitions their number, 0 to switch cursors off; the default is 1
		 * @return this
		 */
		public Builder cursorPartitions(int partitions) {
			if (partitions < 0) {
				throw new IllegalArgumentException("cursorPartitions must not be negative: " + partitions);
			}
			this.cursorPartitions = partitions;
			return this;
		}

		/**
		 * Encrypts connections, with or without certificates of clients and access
		 * control.
		 * @param tls what the server needs for that
		 * @return this
		 */
		public Builder tls(ServerTls tls) {
			this.tls = tls;
			return this;
		}

		/**
		 * Adds a setting of the server's configuration file.
		 * @param key the setting's full name, such as {@code groups.consumer.timeout}
		 * @param value its value, written as a string; durations as {@code 500ms} or
		 * {@code 2s}
		 * @return this
		 * @throws IllegalArgumentException if the key is one of addresses, directories,
		 * cluster membership, encryption or telemetry, which are not up to the caller
		 */
		public Builder setting(String key, Object value) {
			ServerConfiguration.requireSettable(key);
			this.settings.put(key, String.valueOf(value));
			return this;
		}

		/**
		 * Adds an environment variable of the server's process, such as
		 * {@code LIFTBRIDGE_ENCRYPTION_KEY} or {@code GOMAXPROCS}.
		 * @param name the variable's name
		 * @param value its value
		 * @return this
		 * @throws IllegalArgumentException if it would override the configuration file;
		 * that is what {@link #setting} is for
		 */
		public Builder environment(String name, String value) {
			if (ServerProcess.overridesConfiguration(name)) {
				throw new IllegalArgumentException("variable '" + name + "' overrides settings; use setting(...)");
			}
			this.environment.put(name, value);
			return this;
		}

		/**
		 * Where the server keeps its data, configuration and log. It is not deleted by
		 * {@link LiftbridgeServer#close()}.
		 * @param directory an own directory, created if it is missing; by default a
		 * temporary one that is deleted
		 * @return this
		 */
		public Builder dataDirectory(Path directory) {
			this.dataDirectory = directory;
			return this;
		}

		/**
		 * How long a start may take.
		 * @param timeout the limit, 30 seconds by default
		 * @return this
		 */
		public Builder startTimeout(Duration timeout) {
			if (timeout.isNegative() || timeout.isZero()) {
				throw new IllegalArgumentException("startTimeout must be positive: " + timeout);
			}
			this.startTimeout = timeout;
			return this;
		}

		/**
		 * Makes the server without starting it.
		 * @return the server
		 * @throws IllegalStateException if there is no executable
		 */
		public LiftbridgeServer build() {
			return new LiftbridgeServer(this);
		}

		/**
		 * Makes the server and starts it.
		 * @return the running server
		 * @throws IllegalStateException if there is no executable, or the server does not
		 * start
		 */
		public LiftbridgeServer start() {
			LiftbridgeServer server = build();
			try {
				return server.start();
			}
			catch (RuntimeException ex) {
				server.close();
				throw ex;
			}
		}

	}

}
