package io.liftbridge.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

/**
 * What the endpoint shows.
 *
 * @param brokers the brokers, by id
 * @param streams the streams, by name
 * @param missingStreams declared streams that are not there yet, with the reason
 * @param listeners the listeners
 */
public record LiftbridgeDescriptor(List<BrokerDescriptor> brokers, List<StreamDescriptor> streams,
		Map<String, String> missingStreams, List<ListenerDescriptor> listeners) {
}
