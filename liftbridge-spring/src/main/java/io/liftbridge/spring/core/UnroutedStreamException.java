package io.liftbridge.spring.core;

import java.util.Collection;

/**
 * No route of a {@link RoutingLiftbridgeTemplate} fits a stream.
 */
public class UnroutedStreamException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String stream;

	/**
	 * Creates it.
	 * @param stream the stream's name, or that of the subject
	 * @param patterns the patterns of the routes
	 */
	public UnroutedStreamException(String stream, Collection<String> patterns) {
		super("No route of the template fits '" + stream + "'; its routes are " + patterns
				+ ". Add one, or a template for all others with otherwise(...).");
		this.stream = stream;
	}

	/**
	 * Tells what fits no route.
	 * @return the stream's name, or that of the subject
	 */
	public String getStream() {
		return this.stream;
	}

}
