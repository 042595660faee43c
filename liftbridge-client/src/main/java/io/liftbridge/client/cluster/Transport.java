package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * The threads and sockets of a client: one event loop on which all callbacks of gRPC run,
 * and one thread for timers.
 */
final class Transport implements AutoCloseable {

	private final ClusterOptions options;

	private final HostLookup lookup;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable Network network;

	private boolean closed;

	private final ScheduledThreadPoolExecutor timer;

	private final @Nullable SslContext ssl;

	Transport(ClusterOptions options, HostLookup lookup) {
		this.options = options;
		this.lookup = lookup;
		this.ssl = (options.tls() != null) ? TlsContexts.of(options.tls()) : null;
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> daemon(task, options.clientId() + "-timer"));
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	ManagedChannel connect(Address address, Sockets sockets) {
		return network().connect(address, sockets);
	}

	Sockets sockets() {
		return new Sockets(this.options.connectTimeout(), this.ssl != null);
	}

	/**
	 * What gRPC and Netty are needed for. Loading them takes longer than all else that
	 * happens when a client is created, and an application that starts does not wait for
	 * it.
	 */
	private Network network() {
		Network current = this.network;
		return (current != null) ? current : open();
	}

	/** After {@link #close()} it is one that takes no more tasks. */
	private Network open() {
		this.lock.lock();
		try {
			Network current = this.network;
			if (current == null) {
				current = create();
				this.network = current;
				if (this.closed) {
					current.close();
				}
			}
			return current;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Network create() {
		try {
			return new Network(this.options, this.lookup, this.ssl);
		}
		catch (RuntimeException | LinkageError ex) {
			throw new NetworkException(ex);
		}
	}

	/**
	 * Runs tasks after what the event loop is doing now: after all messages that were
	 * read from the network in one go.
	 */
	Executor afterBurst() {
		return network().eventLoop();
	}

	void schedule(Runnable task, Duration delay) {
		if (!this.timer.isShutdown()) {
			this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.lock.lock();
		try {
			this.closed = true;
			Network current = this.network;
			if (current != null) {
				current.close();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
