package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

/**
 * What can be set under {@code liftbridge.admin}.
 */
public class AdminProperties {

	/**
	 * Whether declared streams are created at the start where they are absent.
	 */
	private boolean enabled = true;

	/**
	 * Whether the application must not start without its streams. Otherwise they are
	 * created in the background as soon as a broker can be reached.
	 */
	private boolean fatal;

	/**
	 * Whether the application must not start either where an existing stream differs from
	 * its declaration. Only together with 'fatal': refused without it.
	 */
	private boolean fatalDifferences;

	/**
	 * Maximum time that the start waits for a broker that answers to create streams.
	 */
	private Duration startTimeout = Duration.ofSeconds(5);

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isFatal() {
		return this.fatal;
	}

	public void setFatal(boolean fatal) {
		this.fatal = fatal;
	}

	public boolean isFatalDifferences() {
		return this.fatalDifferences;
	}

	public void setFatalDifferences(boolean fatalDifferences) {
		this.fatalDifferences = fatalDifferences;
	}

	public Duration getStartTimeout() {
		return this.startTimeout;
	}

	public void setStartTimeout(Duration startTimeout) {
		this.startTimeout = startTimeout;
	}

}
