package io.liftbridge.boot.autoconfigure.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.cluster.ConnectionListener;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The counter {@code liftbridge.broker.reconnects}: how often the broker with the tag
 * {@code broker} answered again after it had not.
 */
class ReconnectCounter implements ConnectionListener {

	static final String NAME = "liftbridge.broker.reconnects";

	private final MeterRegistry registry;

	private final Set<Address> down = ConcurrentHashMap.newKeySet();

	ReconnectCounter(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onDown(BrokerStatus broker) {
		this.down.add(broker.address());
	}

	@Override
	public void onUp(BrokerStatus broker) {
		if (this.down.remove(broker.address())) {
			this.registry.counter(NAME, "broker", broker.id()).increment();
		}
	}

}
