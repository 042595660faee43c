package io.liftbridge.spring.core;

import io.liftbridge.client.producer.ProducerBuilder;

/**
 * Changes the options of a producer before it is created.
 */
@FunctionalInterface
public interface ProducerCustomizer {

	/**
	 * Changes the options. A listener set here replaces the factory's
	 * {@link SendListener}, one that is added is called besides. A {@link SendObserver}
	 * is told the end in any case.
	 * @param stream the stream the producer is for
	 * @param producer its options
	 */
	void customize(String stream, ProducerBuilder producer);

}
