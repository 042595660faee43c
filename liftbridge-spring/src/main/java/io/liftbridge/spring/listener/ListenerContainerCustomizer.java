package io.liftbridge.spring.listener;

/**
 * Changes the options of a container before it is created.
 */
@FunctionalInterface
public interface ListenerContainerCustomizer {

	/**
	 * Changes the options.
	 * @param id the listener's id
	 * @param properties its options, as the factory and the annotation say
	 */
	void customize(String id, ContainerProperties properties);

}
