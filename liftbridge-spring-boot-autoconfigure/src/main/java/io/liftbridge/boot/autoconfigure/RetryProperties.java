package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

/**
 * What can be set under {@code liftbridge.listener.retry}.
 */
public class RetryProperties {

	/**
	 * Maximum number of attempts to process a message, including the first one.
	 */
	private int maxAttempts = 4;

	/**
	 * Pause before the second attempt.
	 */
	private Duration initialInterval = Duration.ofSeconds(1);

	/**
	 * Factor by which each further pause is longer than the one before.
	 */
	private double multiplier = 2;

	/**
	 * Maximum pause between two attempts.
	 */
	private Duration maxInterval = Duration.ofSeconds(30);

	public int getMaxAttempts() {
		return this.maxAttempts;
	}

	public void setMaxAttempts(int maxAttempts) {
		this.maxAttempts = maxAttempts;
	}

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

}
