package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.sample.Shelf.Entry;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import jakarta.validation.Valid;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static io.liftbridge.spring.support.LiftbridgeHeaders.TIMESTAMP;

/**
 * Keeps what the page shows, and tells open pages what is new. It has no cursor: after a
 * start it reads again what it is to show, in the past and from then on.
 */
@Component
class LivePage {

	private final ReentrantLock lock = new ReentrantLock();

	private final Shelf<Reading> readings = new Shelf<>("reading", Duration.ofMinutes(5), 50_000);

	private final Shelf<Alert> alerts = new Shelf<>("alert", Duration.ofHours(1), 50);

	private final Shelf<DeadLetter> deadLetters = new Shelf<>("dead-letter", Duration.ofHours(1), 50);

	private final LiveEvents events;

	LivePage(LiveEvents events) {
		this.events = events;
	}

	@LiftbridgeListener(id = "live", streams = "readings", startPosition = "-PT5M", ackMode = "NONE",
			errorHandler = "passOver")
	void onReading(@Valid Reading reading, @Header(TIMESTAMP) Instant at) {
		show(this.readings, reading, at);
	}

	@LiftbridgeListener(id = "alerts", streams = "alerts", startPosition = "-PT1H", ackMode = "NONE",
			errorHandler = "passOver")
	void onAlert(Alert alert, @Header(TIMESTAMP) Instant at) {
		show(this.alerts, alert, at);
	}

	@LiftbridgeListener(id = "dead-letters", streams = "readings.dlt", startPosition = "-PT1H", ackMode = "NONE",
			errorHandler = "passOver")
	void onDeadLetter(ReceivedMessage<byte[]> message) {
		show(this.deadLetters, DeadLetter.of(message), message.timestamp());
	}

	/**
	 * Opens the stream of events for a page: first what there is, then what is new.
	 */
	SseEmitter connect() {
		this.lock.lock();
		try {
			return this.events
				.connect(new Snapshot(this.readings.entries(), this.alerts.entries(), this.deadLetters.entries()));
		}
		finally {
			this.lock.unlock();
		}
	}

	private <T> void show(Shelf<T> shelf, T data, Instant at) {
		this.lock.lock();
		try {
			this.events.publish(shelf.event(), shelf.put(data, at));
		}
		finally {
			this.lock.unlock();
		}
	}

	record Snapshot(List<Entry<Reading>> readings, List<Entry<Alert>> alerts, List<Entry<DeadLetter>> deadLetters) {
	}

}
