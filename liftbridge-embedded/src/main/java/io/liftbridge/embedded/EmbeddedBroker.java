package io.liftbridge.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.embedded.api.BrokerApi;
import io.liftbridge.embedded.group.ConsumerGroups;
import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.embedded.stream.Subjects;
import io.liftbridge.proto.CreateStreamRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Liftbridge broker inside this JVM. It speaks the real gRPC interface, with the status
 * codes and texts of a real broker, on 127.0.0.1 only, and keeps everything in memory.
 * Many of them can live in one JVM.
 * <p>
 * It is the only broker of its cluster. There is no NATS beside it: subjects, wildcards
 * and queue groups work for messages that are published through the broker itself.
 * <p>
 * Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBroker.class);

	private static final String NAMESPACE = "liftbridge-default";

	private static final long BIND_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long BIND_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final ReentrantLock lifecycle = new ReentrantLock();

	private final Builder settings;

	private @Nullable Core core;

	private @Nullable BrokerServer server;

	private @Nullable ScheduledThreadPoolExecutor clock;

	private boolean started;

	private volatile boolean running;

	private volatile int port;

	/**
	 * Creates a broker that does not run yet. It is meant for first steps, demos and
	 * tests, never for production: what it stores is in the memory of this JVM, is
	 * limited by the retention of the streams only, is replicated nowhere and ends with
	 * the JVM.
	 */
	private EmbeddedBroker(Builder settings) {
		this.settings = settings;
		this.port = settings.port;
		this.core = new Core(settings);
	}

	/**
	 * A builder with the default settings.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a broker with the default settings on any free port.
	 * @return a running broker
	 */
	public static EmbeddedBroker start() {
		return builder().start();
	}

	/**
	 * Starts a broker that was only built.
	 * @throws IllegalStateException if it was started before or closed, or if its port is
	 * in use
	 */
	public void open() {
		this.lifecycle.lock();
		try {
			if (this.started) {
				throw new IllegalStateException("The embedded Liftbridge broker was started before");
			}
			run(Duration.ZERO, 0);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Stops the broker as if its process had died: the port is free, all calls end with
	 * UNAVAILABLE, and whether messages under way were stored is unknown to their
	 * senders. What was stored is kept for {@link #restart()}. Does nothing if the broker
	 * does not run.
	 */
	public void stop() {
		this.lifecycle.lock();
		try {
			BrokerServer current = this.server;
			if (current != null) {
				this.running = false;
				this.server = null;
				current.stop();
				stopClock();
				logger.info("Embedded Liftbridge broker on {} has stopped", address());
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Starts the broker again, on the same port and with the streams, messages, cursors
	 * and groups it had. A running broker is stopped first.
	 * @throws IllegalStateException if it was closed, or if its port is in use
	 */
	public void restart() {
		this.lifecycle.lock();
		try {
			stop();
			run(this.settings.restartWindow, BIND_PATIENCE_NANOS);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Stops the broker for good and lets go of all it has stored. May be called more than
	 * once.
	 */
	@Override
	public void close() {
		this.lifecycle.lock();
		try {
			stop();
			this.core = null;
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private void run(Duration window, long bindPatienceNanos) {
		Core state = core();
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "liftbridge-embedded-clock");
			thread.setDaemon(true);
			return thread;
		});
		executor.setRemoveOnCancelPolicy(true);
		this.clock = executor;
		state.leader.start(executor, window, () -> {
			state.streams.start(executor);
			state.groups.start(executor);
		});
		try {
			BrokerServer started = bind(state, System.nanoTime() + bindPatienceNanos);
			this.server = started;
			this.port = started.port();
			this.started = true;
			this.running = true;
		}
		catch (IOException ex) {
			stopClock();
			throw new IllegalStateException("The embedded Liftbridge broker cannot listen on port " + this.port + " of "
					+ BrokerServer.HOST + ": " + ex.getMessage() + ". Stop whatever uses that port, or give the broker "
					+ "another one with EmbeddedBroker.builder().port(...); 0 stands for any free port", ex);
		}
		logger.info("Embedded Liftbridge broker listens on {}, for development and tests only", address());
	}

	/**
	 * Opens the port. Just after a stop it can still be taken for a moment, by a client's
	 * attempt to reach it.
	 */
	private BrokerServer bind(Core state, long deadline) throws IOException {
		while (true) {
			BrokerServer attempt = new BrokerServer(state.api, this.settings.brokerId, this.port);
			try {
				attempt.start();
				return attempt;
			}
			catch (IOException ex) {
				if (System.nanoTime() - deadline >= 0) {
					throw ex;
				}
				LockSupport.parkNanos(BIND_RETRY_NANOS);
			}
		}
	}

	private void stopClock() {
		Core state = this.core;
		if (state != null) {
			state.streams.stop();
			state.groups.stop();
		}
		if (this.clock != null) {
			this.clock.shutdownNow();
			this.clock = null;
		}
	}

	/**
	 * The address the broker listens on.
	 * @return always {@code 127.0.0.1}
	 */
	public String host() {
		return BrokerServer.HOST;
	}

	/**
	 * The port the broker listens on; the same after a restart.
	 * @return the port, or what was asked for if the broker was not started yet
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Where clients find the broker.
	 * @return host and port, separated by a colon
	 */
	public String address() {
		return host() + ":" + port();
	}

	/**
	 * Whether the broker can be called.
	 * @return {@code true} between start and stop
	 */
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Creates a stream whose subject is its name.
	 * @param name the stream's name
	 * @param partitions number of its partitions
	 * @throws IllegalArgumentException if such a stream cannot be created, or exists
	 * @throws IllegalStateException if the broker was closed
	 */
	public void createStream(String name, int partitions) {
		this.lifecycle.lock();
		try {
			Streams streams = core().streams;
			streams.create(streams.check(
					CreateStreamRequest.newBuilder().setName(name).setSubject(name).setPartitions(partitions).build()));
		}
		catch (RefusedException ex) {
			throw new IllegalArgumentException("Cannot create stream '" + name + "': " + ex.getMessage(), ex);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private Core core() {
		if (this.core == null) {
			throw new IllegalStateException("The embedded Liftbridge broker is closed");
		}
		return this.core;
	}

	/**
	 * What outlives a stop.
	 */
	private static final class Core {

		private final MetadataLeader leader = new MetadataLeader();

		private final Streams streams;

		private final ConsumerGroups groups;

		private final BrokerApi api;

		Core(Builder settings) {
			Cluster cluster = new Cluster(settings.brokerId, NAMESPACE, settings.maxMessageBytes);
			Subjects subjects = new Subjects();
			this.streams = new Streams(cluster, subjects, this.leader);
			this.groups = new ConsumerGroups(cluster, this.streams, this.leader, settings.consumerTimeout,
					settings.coordinatorTimeout);
			this.api = new BrokerApi(cluster, this.leader, subjects, this.streams, this.groups,
					settings.consumerTimeout, settings.coordinatorTimeout);
			if (settings.cursorPartitions > 0) {
				this.streams.createCursors(settings.cursorPartitions);
			}
		}

	}

	/**
	 * Settings of a broker. Not thread-safe.
	 */
	public static final class Builder {

		private static final int MAX_PORT = 65535;

		private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

		private int port;

		private int cursorPartitions = 1;

		private int maxMessageBytes = 1024 * 1024;

		private String brokerId = "embedded";

		private Duration restartWindow = Duration.ZERO;

		private Duration consumerTimeout = DEFAULT_TIMEOUT;

		private Duration coordinatorTimeout = DEFAULT_TIMEOUT;

		private Builder() {
		}

		/**
		 * The port to listen on.
		 * @param port up to 65535; 0, the default, for any free port
		 * @return this builder
		 */
		public Builder port(int port) {
			check(port >= 0 && port <= MAX_PORT, "port " + port + " is not between 0 and " + MAX_PORT);
			this.port = port;
			return this;
		}

		/**
		 * The number of partitions of the stream that holds the cursors.
		 * @param partitions the number, 1 by default; 0 switches cursors off, as a real
		 * broker does by default
		 * @return this builder
		 */
		public Builder cursorPartitions(int partitions) {
			check(partitions >= 0, "cursorPartitions " + partitions + " is negative");
			this.cursorPartitions = partitions;
			return this;
		}

		/**
		 * How long after a restart the broker does not know its metadata: streams are not
		 * found, and changes fail with INTERNAL. A real broker takes one to two seconds.
		 * @param window the time, zero by default
		 * @return this builder
		 */
		public Builder restartWindow(Duration window) {
			check(!window.isNegative(), "restartWindow " + window + " is negative");
			this.restartWindow = window;
			return this;
		}

		/**
		 * The broker's id in metadata.
		 * @param id the id, {@code embedded} by default
		 * @return this builder
		 */
		public Builder brokerId(String id) {
			check(!id.isBlank(), "brokerId is blank");
			this.brokerId = id;
			return this;
		}

		/**
		 * How long a consumer may be silent before it is removed from its group.
		 * @param timeout the time, 15 s by default
		 * @return this builder
		 */
		public Builder consumerTimeout(Duration timeout) {
			check(timeout.compareTo(Duration.ZERO) > 0, "consumerTimeout " + timeout + " is not positive");
			this.consumerTimeout = timeout;
			return this;
		}

		/**
		 * How long a group's coordinator may be silent before consumers are to report it.
		 * @param timeout the time, 15 s by default
		 * @return this builder
		 */
		public Builder coordinatorTimeout(Duration timeout) {
			check(timeout.compareTo(Duration.ZERO) > 0, "coordinatorTimeout " + timeout + " is not positive");
			this.coordinatorTimeout = timeout;
			return this;
		}

		/**
		 * The largest message that is stored, in bytes of the envelope it travels in on a
		 * real cluster, which is a little more than key, value and headers.
		 * @param bytes the limit, 1 MiB by default; no request is larger than 4 MiB in
		 * any case
		 * @return this builder
		 */
		public Builder maxMessageBytes(int bytes) {
			check(bytes > 0, "maxMessageBytes " + bytes + " is not positive");
			this.maxMessageBytes = bytes;
			return this;
		}

		private static void check(boolean condition, String message) {
			if (!condition) {
				throw new IllegalArgumentException(message);
			}
		}

		/**
		 * Builds a broker that does not run yet.
		 * @return the broker, to be started with {@link EmbeddedBroker#open()}
		 */
		public EmbeddedBroker build() {
			return new EmbeddedBroker(copy());
		}

		/**
		 * Builds a broker and starts it.
		 * @return the running broker
		 * @throws IllegalStateException if the port is in use
		 */
		public EmbeddedBroker start() {
			EmbeddedBroker broker = build();
			broker.open();
			return broker;
		}

		private Builder copy() {
			return builder().port(this.port)
				.cursorPartitions(this.cursorPartitions)
				.restartWindow(this.restartWindow)
				.brokerId(this.brokerId)
				.consumerTimeout(this.consumerTimeout)
				.coordinatorTimeout(this.coordinatorTimeout)
				.maxMessageBytes(this.maxMessageBytes);
		}

	}

}
