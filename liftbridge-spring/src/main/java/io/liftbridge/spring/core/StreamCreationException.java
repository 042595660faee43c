package io.liftbridge.spring.core;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Declared streams could not be created, and the application must not start without them.
 */
public class StreamCreationException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final TreeMap<String, String> problems;

	/**
	 * Creates it.
	 * @param problems why, by name of stream
	 * @param cause the first failure
	 */
	public StreamCreationException(Map<String, String> problems, @Nullable Throwable cause) {
		super("Not all declared streams could be created: " + new TreeMap<>(problems) + ". Start a broker, correct the"
				+ " declarations (StreamSpec beans, liftbridge.streams), or let the application start without them"
				+ " (LiftbridgeAdmin.setFatal(false)).", cause);
		this.problems = new TreeMap<>(problems);
	}

	/**
	 * Tells what is missing.
	 * @return why each stream could not be created, by its name
	 */
	public Map<String, String> getProblems() {
		return Map.copyOf(this.problems);
	}

}
