package io.liftbridge.spring.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Streams differ from their declarations, and the application must not start then.
 */
public class StreamDifferenceException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final transient Map<String, List<StreamDifference>> differences;

	/**
	 * Creates it.
	 * @param differences how they differ, by name of stream
	 */
	public StreamDifferenceException(Map<String, List<StreamDifference>> differences) {
		super("Streams differ from their declarations: " + new TreeMap<>(differences)
				+ ". Liftbridge cannot change a stream: correct the declarations (StreamSpec beans,"
				+ " liftbridge.streams), create the streams anew, or let the application start all the same"
				+ " (LiftbridgeAdmin.setFatalDifferences(false)).");
		this.differences = Map.copyOf(differences);
	}

	/**
	 * Tells how they differ.
	 * @return the differences by name of stream
	 */
	public Map<String, List<StreamDifference>> getDifferences() {
		return this.differences;
	}

}
