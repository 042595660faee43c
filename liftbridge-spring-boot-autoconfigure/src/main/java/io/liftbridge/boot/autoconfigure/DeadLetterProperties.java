package io.liftbridge.boot.autoconfigure;

/**
 * What can be set under {@code liftbridge.listener.dead-letter}.
 */
public class DeadLetterProperties {

	/**
	 * Whether a message that failed for good is put into a dead-letter stream. Otherwise
	 * it is logged and left behind.
	 */
	private boolean enabled = true;

	/**
	 * Suffix that makes the name of the dead-letter stream of the stream's name.
	 */
	private String suffix = ".dlt";

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

}
