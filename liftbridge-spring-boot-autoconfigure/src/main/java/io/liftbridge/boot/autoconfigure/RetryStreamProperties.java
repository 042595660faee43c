package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

/**
 * What can be set under {@code liftbridge.listener.retry-stream}.
 */
public class RetryStreamProperties {

	/**
	 * Whether a message that failed in all attempts is put into a retry stream and
	 * delivered again later, before it is dead-lettered. Later messages do not wait for
	 * it.
	 */
	private boolean enabled;

	/**
	 * Suffix that makes the name of the retry stream of the stream's name.
	 */
	private String suffix = ".retry";

	/**
	 * Time until a message on a retry stream is delivered again.
	 */
	private Duration pause = Duration.ofMinutes(1);

	/**
	 * How often a message is put into a retry stream before it is dead-lettered.
	 */
	private int rounds = 3;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public String getSuffix() {
		return this.suffix;
	}

	public void setSuffix(String suffix) {
		this.suffix = suffix;
	}

	public Duration getPause() {
		return this.pause;
	}

	public void setPause(Duration pause) {
		this.pause = pause;
	}

	public int getRounds() {
		return this.rounds;
	}

	public void setRounds(int rounds) {
		this.rounds = rounds;
	}

}
