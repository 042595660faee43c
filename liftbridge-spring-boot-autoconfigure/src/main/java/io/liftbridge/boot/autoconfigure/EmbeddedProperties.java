package io.liftbridge.boot.autoconfigure;

/**
 * What can be set under {@code liftbridge.embedded}.
 */
public class EmbeddedProperties {

	/**
	 * Whether to run a broker inside this JVM, for first steps and tests. Seeds that are
	 * set win over it.
	 */
	private boolean enabled;

	/**
	 * Port that the embedded broker listens on, on 127.0.0.1. Any free one if it is 0.
	 */
	private int port;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public int getPort() {
		return this.port;
	}

	public void setPort(int port) {
		this.port = port;
	}

}
