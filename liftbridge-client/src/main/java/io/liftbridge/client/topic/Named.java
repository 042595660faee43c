package io.liftbridge.client.topic;

/**
 * A part of a topic that can be found again by its name, through {@link TopicParts}.
 */
public interface Named {

	/**
	 * Tells how it is found again.
	 * @return its name and configuration
	 */
	Part part();

}
