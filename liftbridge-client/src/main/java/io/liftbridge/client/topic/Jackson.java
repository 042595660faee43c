package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * Tells who needs the optional libraries, and is missing them, which one it is.
 */
final class Jackson {

	private Jackson() {
	}

	static void require(String what) {
		require(what, "tools.jackson.databind.json.JsonMapper", "tools.jackson.core:jackson-databind (3.1 or newer)");
	}

	static void require(String what, String type, String artifact) {
		try {
			Class.forName(type, false, Jackson.class.getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new InvalidRequestException(
					what + " needs " + artifact + " on the class path, which is optional; add it as a dependency.", ex);
		}
	}

}
