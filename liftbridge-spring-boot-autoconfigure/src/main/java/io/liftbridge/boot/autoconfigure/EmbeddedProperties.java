package io.liftbridge.boot.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

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

	/**
	 * Directory in which the embedded broker keeps its streams, messages, cursors and
	 * groups, so that they survive a restart of the application, for development. Without
	 * one they are in memory only.
	 */
	private @Nullable Path directory;

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

	public @Nullable Path getDirectory() {
		return this.directory;
	}

	public void setDirectory(@Nullable Path directory) {
		this.directory = directory;
	}

}
