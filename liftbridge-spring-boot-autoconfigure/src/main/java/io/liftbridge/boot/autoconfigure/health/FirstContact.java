package io.liftbridge.boot.autoconfigure.health;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.LiftbridgeClient;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Asks a broker who the others are, once and in the background, so that health is known
 * even if nobody uses the client. From then on the client keeps watching by itself. It
 * waits until the application is ready, as the first connection loads much and would take
 * the processor from all else that starts; where nobody tells when that is, for a second.
 */
class FirstContact implements SmartLifecycle, ApplicationListener<ApplicationReadyEvent> {

	private static final Logger logger = LoggerFactory.getLogger(FirstContact.class);

	private static final int PATIENCE_SECONDS = 1;

	private final LiftbridgeClient client;

	private final CountDownLatch ready = new CountDownLatch(1);

	private volatile boolean running;

	FirstContact(LiftbridgeClient client) {
		this.client = client;
	}

	@Override
	public void start() {
		this.running = true;
		// A thread although the call does not wait: opening the first channel takes time.
		Thread thread = new Thread(this::connect, "liftbridge-first-contact");
		thread.setDaemon(true);
		thread.start();
	}

	private void connect() {
		try {
			boolean told = this.ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
			logger.debug("Looking for a broker, application ready: {}", told);
			if (this.running) {
				this.client.connect();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		this.ready.countDown();
	}

	@Override
	public void stop() {
		this.running = false;
		this.ready.countDown();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
