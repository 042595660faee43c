package io.liftbridge.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.grpc.Status;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.proto.CreateStreamRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Liftbridge broker inside this JVM. It speaks the real gRPC interface, with the status
 * codes and texts of a real broker, on 127.0.0.1 only, and keeps everything in memory,
 * beside that in a {@linkplain Builder#directory(Path) directory} if it is given one.
 * Many of them can live in one JVM.
 * <p>
 * It is the only broker of its cluster. There is no NATS beside it: subjects, wildcards
 * and queue groups work for messages that are published through the broker itself.
 * <p>
 * Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBroker.class);

	private static final Duration BIND_PATIENCE = Duration.ofSeconds(2);

	private final ReentrantLock lifecycle = new ReentrantLock();

	private final Settings settings;

	private @Nullable BrokerCore core;

	private boolean started;

	private boolean closed;

	private volatile @Nullable BrokerRun run;

	private volatile int port;

	/**
	 * Creates a broker that does not run yet. It is meant for first steps, demos and
	 * tests, never for production: what it stores is in the memory of this JVM, is
	 * limited by the retention of the streams only, and is replicated nowhere. It ends
	 * with the JVM unless there is a directory.
	 */
	private EmbeddedBroker(Settings settings) {
		this.settings = settings;
		this.port = settings.port();
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
	 * @throws BrokerDirectoryException if its directory cannot be used
	 */
	public void open() {
		this.lifecycle.lock();
		try {
			if (this.started) {
				throw new IllegalStateException("The embedded Liftbridge broker was started before");
			}
			run(Duration.ZERO, Duration.ZERO);
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
			BrokerRun current = this.run;
			if (current != null) {
				this.run = null;
				current.stop();
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
			run(this.settings.restartWindow(), BIND_PATIENCE);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Stops the broker for good and lets go of all it has stored, but for what is in its
	 * directory. May be called more than once.
	 */
	@Override
	public void close() {
		this.lifecycle.lock();
		try {
			stop();
			this.closed = true;
			BrokerCore last = this.core;
			this.core = null;
			if (last != null) {
				last.close();
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private void run(Duration window, Duration patience) {
		BrokerCore state = core();
		try {
			BrokerRun started = new BrokerRun(state, this.settings.brokerId(), this.port, window, patience);
			this.run = started;
			this.port = started.port();
			this.started = true;
		}
		catch (IOException ex) {
			throw new IllegalStateException("The embedded Liftbridge broker cannot listen on port " + this.port + " of "
					+ BrokerServer.HOST + ": " + ex.getMessage() + ". Stop whatever uses that port, or give the broker "
					+ "another one with EmbeddedBroker.builder().port(...); 0 stands for any free port", ex);
		}
		logger.info("Embedded Liftbridge broker listens on {}, for development and tests only", address());
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
		return this.run != null;
	}

	/**
	 * Creates a stream whose subject is its name.
	 * @param name the stream's name
	 * @param partitions number of its partitions
	 * @throws IllegalArgumentException if such a stream cannot be created, or exists
	 * @throws IllegalStateException if the broker was closed
	 * @throws BrokerDirectoryException if its directory cannot be used
	 */
	public void createStream(String name, int partitions) {
		this.lifecycle.lock();
		try {
			Streams streams = core().streams();
			streams.create(streams.check(
					CreateStreamRequest.newBuilder().setName(name).setSubject(name).setPartitions(partitions).build()));
		}
		catch (RefusedException ex) {
			if (ex.status().getCode() == Status.Code.INTERNAL) {
				throw new BrokerDirectoryException(ex);
			}
			throw new IllegalArgumentException("Cannot create stream '" + name + "': " + ex.getMessage(), ex);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private BrokerCore core() {
		if (this.closed) {
			throw new IllegalStateException("The embedded Liftbridge broker is closed");
		}
		if (this.core == null) {
			this.core = new BrokerCore(this.settings);
		}
		return this.core;
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

		private @Nullable Path directory;

		private boolean activityStream;

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
		 * Where to keep streams, messages, cursors and groups beyond the life of this
		 * broker, for development. A broker that is built with the same directory later
		 * goes on where this one ended, also after a crash of the JVM: a message is
		 * acknowledged when the operating system has it. It is not forced to the disk, so
		 * a crash of the machine may cost the newest ones; at the next start what is not
		 * whole is dropped with a warning. All of it is read into memory at the start.
		 * What cannot be written is answered with INTERNAL.
		 * @param directory the directory, which is created if it is not there, and which
		 * no two brokers can use at a time; none by default
		 * @return this builder
		 */
		public Builder directory(Path directory) {
			this.directory = directory;
			return this;
		}

		/**
		 * Whether to tell what happens to streams and groups in the stream
		 * {@code __activity}, a moment after it happened. The last events before a crash
		 * of the JVM may be missing there.
		 * @param enabled {@code false} by default, as for a real broker
		 * @return this builder
		 */
		public Builder activityStream(boolean enabled) {
			this.activityStream = enabled;
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
			return new EmbeddedBroker(
					new Settings(this.port, this.brokerId, this.directory, this.activityStream, this.cursorPartitions,
							this.maxMessageBytes, this.restartWindow, this.consumerTimeout, this.coordinatorTimeout));
		}

		/**
		 * Builds a broker and starts it.
		 * @return the running broker
		 * @throws IllegalStateException if the port is in use
		 * @throws BrokerDirectoryException if the directory cannot be used
		 */
		public EmbeddedBroker start() {
			EmbeddedBroker broker = build();
			try {
				broker.open();
				return broker;
			}
			catch (RuntimeException ex) {
				broker.close();
				throw ex;
			}
		}

	}

}
