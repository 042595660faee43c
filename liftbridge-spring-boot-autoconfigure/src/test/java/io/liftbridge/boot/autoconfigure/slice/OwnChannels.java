package io.liftbridge.boot.autoconfigure.slice;

import io.grpc.ManagedChannelBuilder;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.ChannelCustomizer;

import org.springframework.stereotype.Component;

/** Shapes the client, so that it is scanned. */
@Component
class OwnChannels implements ChannelCustomizer {

	@Override
	public void customize(Address broker, ManagedChannelBuilder<?> channel) {
	}

}
