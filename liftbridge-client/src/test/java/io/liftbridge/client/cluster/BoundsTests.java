package io.liftbridge.client.cluster;

import java.time.Duration;

import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BoundsTests {

	@ParameterizedTest
	@CsvSource({ "PT0S,0 s", "PT30S,30 s", "PT0.005S,5 ms", "PT0.0000015S,0.0015 ms", "PT1.5S,1.5 s", "PT90S,90 s",
			"PT1H,1 h", "PT24H,24 h", "PT48H,2 d", "P365D,365 d", "PT-0.005S,-5 ms", "PT-2S,-2 s" })
	void writesDurationsAsPeopleDo(Duration duration, String text) {
		assertThat(Bounds.text(duration)).isEqualTo(text);
	}

	@Test
	void namesWhatIsNullOrOutOfBounds() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Bounds.positive("Producer option linger", null, Bounds.YEAR))
			.withMessage("Producer option linger is null; leave it out for its default.");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Bounds.positive("Producer option linger", Duration.ofDays(366), Bounds.YEAR))
			.withMessage("Producer option linger is 366 d; it must be at most 365 d.");
	}

}
