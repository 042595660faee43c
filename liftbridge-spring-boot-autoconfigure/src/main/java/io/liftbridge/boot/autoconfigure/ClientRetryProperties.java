package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

/**
 * What can be set under {@code liftbridge.retry}.
 */
public class ClientRetryProperties {

	/**
	 * Pause before the second attempt.
	 */
	private Duration initialInterval = Duration.ofMillis(50);

	/**
	 * Factor by which each further pause is longer than the one before.
	 */
	private double multiplier = 2;

	/**
	 * Maximum pause between two attempts.
	 */
	private Duration maxInterval = Duration.ofSeconds(2);

	/**
	 * Part of each pause that is random, from 0 to 1.
	 */
	private double jitter = 0.5;

	public Duration getInitialInterval() {
		return this.initialInterval;
	}

	public void setInitialInterval(Duration initialInterval) {
		this.initialInterval = initialInterval;
	}

	public double getMultiplier() {
		return this.multiplier;
	}

	public void setMultiplier(double multiplier) {
		this.multiplier = multiplier;
	}

	public Duration getMaxInterval() {
		return this.maxInterval;
	}

	public void setMaxInterval(Duration maxInterval) {
		this.maxInterval = maxInterval;
	}

	public double getJitter() {
		return this.jitter;
	}

	public void setJitter(double jitter) {
		this.jitter = jitter;
	}

}
