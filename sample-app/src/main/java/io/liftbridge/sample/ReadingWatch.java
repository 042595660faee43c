package io.liftbridge.sample;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import jakarta.validation.Valid;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Component;

/**
 * Answers a reading that crosses its limit with an alert, once until a reading of that
 * metric is below half of it again. A cursor keeps its place over restarts, and what it
 * cannot read goes to {@code readings.dlt}.
 */
@Component
class ReadingWatch {

	private static final double CALM = 0.5;

	private final SampleProperties properties;

	private final Set<String> alarmed = ConcurrentHashMap.newKeySet();

	ReadingWatch(SampleProperties properties) {
		this.properties = properties;
	}

	@LiftbridgeListener(id = "watch", streams = "readings", cursorId = "watch")
	@SendTo("alerts")
	Optional<Alert> watch(@Valid Reading reading) {
		Double limit = this.properties.limits().get(reading.metric());
		if (limit == null) {
			return Optional.empty();
		}
		if (reading.value() < limit * CALM) {
			this.alarmed.remove(reading.metric());
		}
		if (reading.value() <= limit || !this.alarmed.add(reading.metric())) {
			return Optional.empty();
		}
		return Optional.of(new Alert(reading.metric(), reading.value(), limit, reading.unit()));
	}

}
