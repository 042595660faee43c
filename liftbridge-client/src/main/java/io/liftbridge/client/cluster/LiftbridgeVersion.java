package io.liftbridge.client.cluster;

import org.jspecify.annotations.Nullable;

/**
 * Which version of the client is running. Brokers see it, too, as the user agent
 * {@code liftbridge-java/<version>}.
 */
public final class LiftbridgeVersion {

	private static final String TEXT = text(LiftbridgeVersion.class.getPackage().getImplementationVersion());

	private LiftbridgeVersion() {
	}

	/**
	 * Tells the version, as the manifest of the client's jar has it.
	 * @return the version, such as {@code 1.2.3}, or {@code unknown} if the classes are
	 * in a jar without this entry, or in none
	 */
	public static String text() {
		return TEXT;
	}

	private static String text(@Nullable String manifest) {
		return (manifest == null || manifest.isBlank()) ? "unknown" : manifest;
	}

}
