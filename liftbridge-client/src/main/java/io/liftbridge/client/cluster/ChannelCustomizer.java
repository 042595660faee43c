package io.liftbridge.client.cluster;

import java.util.List;

import io.grpc.ManagedChannelBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the gRPC channels of a client before they are made, for what the client has no
 * option for: interceptors, another proxy detector. Called on threads of the client, for
 * each channel anew, so it must be quick and safe for use by several threads. What the
 * client relies on (its executor, event loop, sockets and limits) is better left alone.
 */
@FunctionalInterface
public interface ChannelCustomizer {

	/** Leaves channels as they are. */
	ChannelCustomizer NONE = (broker, channel) -> {
	};

	/**
	 * Changes a channel. An exception is logged, and the channel is used as it is then.
	 * @param broker where the channel leads to
	 * @param channel the builder, with all options of the client applied
	 */
	void customize(Address broker, ManagedChannelBuilder<?> channel);

	/**
	 * Calls several.
	 * @param customizers called in this order; one that fails does not keep the others
	 * from being called
	 * @return all of them as one
	 */
	static ChannelCustomizer all(List<? extends ChannelCustomizer> customizers) {
		List<? extends ChannelCustomizer> all = customizers.stream().filter((one) -> one != NONE).toList();
		if (all.isEmpty()) {
			return NONE;
		}
		Logger logger = LoggerFactory.getLogger(ChannelCustomizer.class);
		return (broker, channel) -> {
			for (ChannelCustomizer customizer : all) {
				try {
					customizer.customize(broker, channel);
				}
				catch (RuntimeException ex) {
					logger.error("{} failed for the channel to {}, which is used as it is", customizer, broker, ex);
				}
			}
		};
	}

}
