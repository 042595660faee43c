package io.liftbridge.boot.autoconfigure.health;

import io.liftbridge.client.LiftbridgeClient;

import org.springframework.context.SmartLifecycle;

/**
 * Asks a broker who the others are, once and in the background, so that health is known
 * before anybody uses the client. From then on the client keeps watching by itself.
 */
class FirstContact implements SmartLifecycle {

	private final LiftbridgeClient client;

	private volatile boolean running;

	FirstContact(LiftbridgeClient client) {
		this.client = client;
	}

	@Override
	public void start() {
		this.running = true;
		// A thread although the call does not wait: opening the first channel takes time.
		Thread thread = new Thread(this.client::connect, "liftbridge-first-contact");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
