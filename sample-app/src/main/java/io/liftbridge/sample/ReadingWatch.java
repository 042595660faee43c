package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import jakarta.validation.Valid;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Component;

import static io.liftbridge.spring.support.LiftbridgeHeaders.TIMESTAMP;

/**
 * Answers a reading that crosses its limit with an alert, once until a reading of that
 * metric is below half of it again, or none was above it for five seconds. Several
 * instances of this application would share the work, as a group, which keeps its place
 * over restarts. What it cannot read goes to {@code readings.dlt}.
 */
@Component
class ReadingWatch {

	private static final double CALM = 0.5;

	private static final Duration MEMORY = Duration.ofSeconds(5);

	private final SampleProperties properties;

	private final Map<String, Instant> alarmed = new ConcurrentHashMap<>();

	ReadingWatch(SampleProperties properties) {
		this.properties = properties;
	}

	@LiftbridgeListener(id = "watch", streams = "readings", group = "watch")
	@SendTo("alerts")
	Optional<Alert> watch(@Valid Reading reading, @Header(TIMESTAMP) Instant at) {
		Double limit = this.properties.limits().get(reading.metric());
		if (limit == null) {
			return Optional.empty();
		}
		if (reading.value() < limit * CALM) {
			this.alarmed.remove(reading.metric());
		}
		if (reading.value() <= limit) {
			return Optional.empty();
		}
		Instant before = this.alarmed.put(reading.metric(), at);
		if (before != null && at.isBefore(before.plus(MEMORY))) {
			return Optional.empty();
		}
		return Optional.of(new Alert(reading.metric(), reading.value(), limit, reading.unit()));
	}

}
