package io.liftbridge.boot.autoconfigure.actuate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.liftbridge.spring.listener.ListenerContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what takes too long for whoever called the endpoint, one at a time for each
 * listener and kind. Safe for use by many threads.
 */
class BackgroundTasks {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundTasks.class);

	private final Set<String> running = ConcurrentHashMap.newKeySet();

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
	 * @param kind what it does
	 * @param id the listener's id
	 * @param first what is done before this method returns, if the task is begun
	 * @param task the task
	 * @throws org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException if
	 * one runs already
	 */
	void start(String kind, String id, Runnable first, Runnable task) {
		String key = kind + " of listener '" + id + "'";
		if (!this.running.add(key)) {
			throw ListenerRequest.invalid(key + " is under way already: wait until it has ended");
		}
		first.run();
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				logger.warn("The {} has failed", key, ex);
			}
			finally {
				this.running.remove(key);
			}
		}, "liftbridge-" + kind + "-" + id);
		thread.setDaemon(true);
		thread.start();
	}

	void restart(ListenerContainer container) {
		container.stop();
		if (this.open.getAsBoolean()) {
			container.start();
		}
	}

}
