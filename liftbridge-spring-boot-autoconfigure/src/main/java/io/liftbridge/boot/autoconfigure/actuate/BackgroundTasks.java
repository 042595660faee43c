package io.liftbridge.boot.autoconfigure.actuate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.liftbridge.spring.listener.ListenerContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what takes too long for whoever called the endpoint. Safe for use by many threads.
 */
class BackgroundTasks {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundTasks.class);

	private final Set<String> restarting = ConcurrentHashMap.newKeySet();

	private final BooleanSupplier open;

	/**
	 * Creates it.
	 * @param open whether the application runs: one that ends must not start a listener
	 */
	BackgroundTasks(BooleanSupplier open) {
		this.open = open;
	}

	/**
	 * Begins a task.
	 * @param what what it does, for the name of its thread
	 * @param id the listener's id
	 * @param task the task
	 */
	void run(String what, String id, Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				logger.warn("The {} of listener '{}' has failed", what, id, ex);
			}
		}, "liftbridge-" + what + "-" + id);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Begins to stop a listener and to start it again.
	 * @param container the listener
	 * @throws org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException
	 * if it is being restarted already
	 */
	void restart(ListenerContainer container) {
		if (!this.restarting.add(container.id())) {
			throw ListenerRequest.invalid("listener '" + container.id() + "' is being restarted already");
		}
		run("restart", container.id(), () -> {
			try {
				container.stop();
				if (this.open.getAsBoolean()) {
					container.start();
				}
			}
			finally {
				this.restarting.remove(container.id());
			}
		});
	}

}
