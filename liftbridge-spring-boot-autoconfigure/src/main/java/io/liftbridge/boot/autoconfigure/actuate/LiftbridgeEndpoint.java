package io.liftbridge.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.spring.listener.ListenerContainer;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows brokers, streams and listeners as they were last seen. Safe for use by many
 * threads.
 */
@Endpoint(id = "liftbridge")
public class LiftbridgeEndpoint {

	private final Supplier<List<BrokerStatus>> brokers;

	private final Supplier<List<StreamInfo>> streams;

	private final Supplier<Map<String, String>> missing;

	private final Supplier<List<ListenerContainer>> listeners;

	/**
	 * Creates an endpoint.
	 * @param brokers gives the brokers as they were last seen
	 * @param streams gives the streams as they were last seen
	 * @param missing gives the declared streams that are not there yet, with the reason
	 * @param listeners gives the listeners
	 */
	public LiftbridgeEndpoint(Supplier<List<BrokerStatus>> brokers, Supplier<List<StreamInfo>> streams,
			Supplier<Map<String, String>> missing, Supplier<List<ListenerContainer>> listeners) {
		this.brokers = brokers;
		this.streams = streams;
		this.missing = missing;
		this.listeners = listeners;
	}

	/**
	 * Describes all there is.
	 * @return the description
	 */
	@ReadOperation
	public LiftbridgeDescriptor liftbridge() {
		return new LiftbridgeDescriptor(this.brokers.get().stream().map(BrokerDescriptor::of).toList(),
				this.streams.get().stream().map(StreamDescriptor::of).toList(), this.missing.get(),
				this.listeners.get().stream().map(ListenerDescriptor::of).toList());
	}

}
