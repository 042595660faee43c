package io.liftbridge.boot.autoconfigure.actuate;

import io.liftbridge.client.consumer.StartPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ListenerRequestTests {

	@Test
	void readsPositions() {
		assertThat(resolve("earliest")).isEqualTo(StartPosition.earliest());
		assertThat(resolve("latest")).isEqualTo(StartPosition.latest());
		assertThat(resolve("new-only")).isEqualTo(StartPosition.newOnly());
		assertThat(resolve("42")).isEqualTo(StartPosition.offset(42));
		assertThat(resolve("-10")).isEqualTo(StartPosition.offset(91));
		assertThat(resolve("+10")).isEqualTo(StartPosition.offset(111));
		assertThat(resolve("2026-11-21T03:12:04Z").kind()).isEqualTo(StartPosition.Kind.TIMESTAMP);
	}

	@Test
	void readsPositionsAsTheAnnotationWritesThem() {
		assertThat(resolve("new")).isEqualTo(StartPosition.newOnly());
		assertThat(resolve("offset:42")).isEqualTo(StartPosition.offset(42));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "somewhere", "offset:", "offset:-1", "-PT", "1.5", "99999999999999999999",
			"2026-11-21", "--1" })
	void tellsWhichPositionsThereAre(String position) {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> resolve(position))
			.withMessageContaining("position")
			.withMessageContaining("use earliest, latest, new-only, an offset such as 42");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			x  |    |      | partition = 'x' is not a number
			-1 |    |      | partition = '-1' must be 0 or more
			   | 0  |      | limit = '0' must be 1 or more
			   | ++ |      | limit = '++' is not a number
			   |    | yes  | dryRun = 'yes' must be true or false
			""")
	void tellsWhatIsWrong(String partition, String limit, String dryRun, String problem) {
		ListenerRequest request = new ListenerRequest(null, partition, null, limit, dryRun);
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> {
			request.partitionNumber();
			request.limitNumber();
			request.isDryRun();
		}).withMessage(problem).satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(problem));
	}

	@Test
	void refusesWhatHasNoEffect() {
		ListenerRequest request = new ListenerRequest(null, null, "earliest", null, null);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> request.allow(ListenerAction.PAUSE))
			.withMessage("position = 'earliest' has no meaning for pause: leave it out");
		request.allow(ListenerAction.SEEK, "position");
	}

	@Test
	void tellsWhichActionsThereAre() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> ListenerAction.of("stop"))
			.withMessage("action 'stop' is not known: use pause, resume, seek, restart, replay");
	}

	@Test
	void looksLikeNoOtherLineInTheLog() {
		assertThat(new ListenerRequest("orders\r\nERROR forged", "0", null, null, null).inOneLine())
			.contains("stream=orders??ERROR forged, partition=0")
			.doesNotContain("\n", "\r");
	}

	private static StartPosition resolve(String position) {
		return new ListenerRequest(null, null, position, null, null).place().resolve(100);
	}

}
