package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import jakarta.validation.Validator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/**
 * Stores the readings of the last hour. The database is in memory: after a start it is
 * filled again from the stream, which remembers.
 */
@Repository
class ReadingHistory {

	private static final Duration KEPT = Duration.ofHours(1);

	private final JdbcTemplate jdbc;

	private final Validator validator;

	ReadingHistory(JdbcTemplate jdbc, Validator validator) {
		this.jdbc = jdbc;
		this.validator = validator;
	}

	@LiftbridgeListener(id = "history", streams = "readings", startPosition = "-PT1H", ackMode = "NONE", batch = "true",
			errorHandler = "passOver")
	void store(List<ReceivedMessage<Reading>> batch) {
		this.jdbc.batchUpdate("merge into reading values (?, ?, ?, ?, ?)",
				batch.stream()
					.filter((message) -> this.validator.validate(message.value()).isEmpty())
					.map((message) -> new Object[] { message.partition(), message.offset(), utc(message.timestamp()),
							message.value().metric(), message.value().value() })
					.toList());
	}

	/**
	 * Sums up what is stored.
	 * @return a summary for each metric
	 */
	List<Summary> summaries() {
		return this.jdbc.query("""
				select metric, count(*), min(amount), avg(amount), max(amount) from reading
				group by metric order by metric
				""", (row, number) -> new Summary(row.getString(1), row.getLong(2), row.getDouble(3), row.getDouble(4),
				row.getDouble(5)));
	}

	@Scheduled(fixedRate = 60_000)
	void forget() {
		this.jdbc.update("delete from reading where at < ?", utc(Instant.now().minus(KEPT)));
	}

	private static OffsetDateTime utc(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

	/**
	 * The readings of a metric in the last hour.
	 *
	 * @param metric what was measured
	 * @param count how often
	 * @param min the lowest value
	 * @param avg the average value
	 * @param max the highest value
	 */
	record Summary(String metric, long count, double min, double avg, double max) {
	}

}
