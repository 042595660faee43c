package io.liftbridge.boot.autoconfigure.slice;

import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ListenerContainerCustomizer;
import org.springframework.stereotype.Component;

/** Shapes listeners, so that it is scanned. */
@Component
class SmallBatches implements ListenerContainerCustomizer {

	@Override
	public void customize(String id, ContainerProperties properties) {
		properties.setBatchSize(7);
	}

}
