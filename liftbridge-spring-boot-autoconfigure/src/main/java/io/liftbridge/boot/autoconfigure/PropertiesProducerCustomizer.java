package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.spring.core.ProducerCustomizer;

/**
 * Applies {@code liftbridge.producer} to each producer, before the user's customizers.
 */
record PropertiesProducerCustomizer(ProducerProperties properties) implements ProducerCustomizer {

	@Override
	public void customize(String stream, ProducerBuilder producer) {
		producer.ackPolicy(this.properties.getAckPolicy())
			.ackTimeout(this.properties.getAckTimeout())
			.enqueueTimeout(this.properties.getEnqueueTimeout())
			.maxInFlight(this.properties.getMaxInFlight())
			.maxInFlightBytes(this.properties.getMaxInFlightSize().toBytes())
			.partitioner(this.properties.getPartitioner().create());
	}

}
