package io.liftbridge.client.stream;

import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class StreamNamesTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "a", "orders", "orders.eu", "a.b.c", "Orders-1_x", "日本語", "__mine", "__cursorsx", "n$:;,=+@#" })
	void allowsNames(String name) {
		assertThat(StreamNames.checkStream(name)).isEqualTo(name);
		assertThat(StreamNames.checkNewStream(name)).isEqualTo(name);
		assertThat(StreamNames.checkGroup(name)).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a\tb", "a\nb", "a\rb", " a", "a ", "a\u0000b", "a\u007fb", "a\u2003b",
			".", "..", ".a", "a.", "a..b", "*", ">", "a*", "a>", "a.*", "a.>", "a/b", "/" })
	void refusesNames(String name) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkStream(name))
			.withMessageStartingWith("Stream name");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkNewStream(name));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkGroup(name))
			.withMessageStartingWith("Group name");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamSpec.named(name));
	}

	@Test
	void limitsTheLengthInBytes() {
		assertThatNoException().isThrownBy(() -> StreamNames.checkStream("n".repeat(200)));
		assertThatNoException().isThrownBy(() -> StreamNames.checkStream("ü".repeat(100)));
		for (String name : new String[] { "n".repeat(201), "ü".repeat(101), "n".repeat(100_000) }) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkStream(name))
				.withMessageContaining("at most 200")
				.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(300));
		}
	}

	@Test
	void refusesToCreateTheServersOwnStreams() {
		for (String name : new String[] { "__cursors", "__activity" }) {
			assertThat(StreamNames.checkStream(name)).isEqualTo(name);
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkNewStream(name))
				.withMessageContaining("reserved");
		}
	}

	@ParameterizedTest
	@CsvSource({ "a, 1", "a.b, 4", "a.*.b, 4", "*, 4", "foo*bar, 1", "a.>, 1", ">, 1", "*.>, 1", "a/b, 2", "日本, 1" })
	void allowsSubjects(String subject, int partitions) {
		assertThat(StreamNames.checkSubject(subject, partitions)).isEqualTo(subject);
	}

	@ParameterizedTest
	@CsvSource({ "'', 1", "a b, 1", "' a', 1", "a..b, 1", ".a, 1", "a., 1", "a.>.b, 1", ">.b, 1", ">.>, 1", "a.>.>, 1",
			"gt.>, 2", ">, 2" })
	void refusesSubjects(String subject, int partitions) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamNames.checkSubject(subject, partitions))
			.withMessageContaining("Subject");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\tb", "a\r\nPUB x 0", "a\nb" })
	void refusesSubjectsThatSpeakNats(String subject) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkSubject(subject, 1));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamNames.checkConcreteSubject(subject));
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", ">", "a.*", "a.>", "a.*.b", "", "a b", "a..b", ".a", "a." })
	void refusesToPublishToSubjects(String subject) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamNames.checkConcreteSubject(subject));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a.b.1", "foo*bar", "a>b" })
	void allowsToPublishToSubjects(String subject) {
		assertThat(StreamNames.checkConcreteSubject(subject)).isEqualTo(subject);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "c", "__group:billing", "com.example.Orders#place", "my listener", "a/b", "billing:begun" })
	void allowsCursorIds(String id) {
		assertThat(StreamNames.checkCursor(id)).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "a,b", "a\tb", "a\u0000" })
	void refusesCursorIds(String id) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StreamNames.checkCursor(id))
			.withMessageContaining("Cursor id");
	}

}
