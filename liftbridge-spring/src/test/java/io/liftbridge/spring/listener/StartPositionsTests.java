package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;

import io.liftbridge.client.consumer.StartPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StartPositionsTests {

	@ParameterizedTest
	@CsvSource({ "earliest,EARLIEST,0", "LATEST,LATEST,0", "new,NEW_ONLY,0", "offset:42,OFFSET,42",
			"2026-11-21T03:00:00Z,TIMESTAMP,1795230000000000000" })
	void readsPositions(String text, StartPosition.Kind kind, long value) {
		StartPosition position = StartPositions.parse(text).get();
		assertThat(position.kind()).isEqualTo(kind);
		assertThat(position.value()).isEqualTo(value);
	}

	@Test
	void countsAnAgeFromWhenItIsAsked() {
		long value = StartPositions.parse("-PT1H").get().value();
		Instant time = Instant.EPOCH.plusNanos(value);
		assertThat(Duration.between(time, Instant.now())).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "first", "offset:", "offset:x", "offset:-1", "PT1H", "-P", "2026-11-21" })
	void refusesEverythingElse(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> StartPositions.parse(text))
			.withMessageContaining("use earliest, latest, new, offset:42");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "0-3,5|[0, 1, 2, 3, 5]", "7|[7]", "2, 1 , 1-2|[1, 2]", "*|all", "''|all" })
	void readsPartitions(String text, String partitions) {
		assertThat(PartitionSelection.parse(text)).hasToString(partitions);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "a", "1-", "3-1", "1,,2", "1-2-3", "0-99999999999", "0-2000000000" })
	void refusesWhatSelectsNoPartitions(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> PartitionSelection.parse(text))
			.withMessageContaining("'" + text + "'");
	}

}
