package io.liftbridge.sample;

import java.time.Instant;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.sample.StreamOverview.StreamView;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells open pages each second how brokers, streams and listeners fare.
 */
@Component
class StatusPublisher {

	private final LiftbridgeClient client;

	private final StreamOverview overview;

	private final LiveEvents events;

	StatusPublisher(LiftbridgeClient client, StreamOverview overview, LiveEvents events) {
		this.client = client;
		this.overview = overview;
		this.events = events;
	}

	@Scheduled(fixedRate = 1000)
	void publish() {
		if (this.events.isWatched()) {
			this.events.publish("status", status());
		}
	}

	private Status status() {
		try {
			List<StreamView> streams = this.overview.streams();
			return new Status(Instant.now(), brokers(), null, streams);
		}
		catch (LiftbridgeException ex) {
			return new Status(Instant.now(), brokers(), ex.getMessage(), List.of());
		}
	}

	private List<BrokerView> brokers() {
		return this.client.brokers()
			.stream()
			.map((broker) -> new BrokerView(broker.id(), broker.address().toString(), broker.toString()))
			.toList();
	}

	record Status(Instant time, List<BrokerView> brokers, @Nullable String problem, List<StreamView> streams) {
	}

	record BrokerView(String id, String address, String state) {
	}

}
