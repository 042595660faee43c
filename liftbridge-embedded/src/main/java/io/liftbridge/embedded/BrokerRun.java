package io.liftbridge.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The broker from one start to the next stop: its port and its clock.
 */
final class BrokerRun {

	private static final long BIND_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long STOP_SECONDS = 5;

	private final BrokerCore core;

	private final ScheduledThreadPoolExecutor clock;

	private final BrokerServer server;

	/**
	 * Starts.
	 * @param core what to serve
	 * @param brokerId what the broker calls itself
	 * @param port where to listen, 0 for any free port
	 * @param window how long metadata is not known
	 * @param patience how long to wait for the port: just after a stop it can still be
	 * taken for a moment, by a client's attempt to reach it
	 * @throws IOException if the port is in use
	 */
	BrokerRun(BrokerCore core, String brokerId, int port, Duration window, Duration patience) throws IOException {
		this.core = core;
		this.clock = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "liftbridge-embedded-clock");
			thread.setDaemon(true);
			return thread;
		});
		this.clock.setRemoveOnCancelPolicy(true);
		core.start(this.clock, window);
		try {
			this.server = bind(core, brokerId, port, System.nanoTime() + patience.toNanos());
		}
		catch (IOException ex) {
			stopClock();
			throw ex;
		}
	}

	private static BrokerServer bind(BrokerCore core, String brokerId, int port, long deadline) throws IOException {
		while (true) {
			BrokerServer attempt = new BrokerServer(core.api(), brokerId, port);
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

	int port() {
		return this.server.port();
	}

	void stop() {
		this.server.stop();
		stopClock();
	}

	private void stopClock() {
		this.core.stop();
		this.clock.shutdownNow();
		try {
			// What it does may end in the directory, which others may use soon.
			this.clock.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
