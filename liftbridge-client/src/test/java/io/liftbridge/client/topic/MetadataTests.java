package io.liftbridge.client.topic;

import java.util.Map;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MetadataTests {

	@Test
	void isOfAnyFormat() {
		Metadata metadata = Metadata.of("no { json");
		assertThat(metadata.text()).isEqualTo("no { json");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(metadata::json)
			.withMessageContaining("no JSON");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Metadata.empty().json())
			.withMessageContaining("empty");
		assertThat(Metadata.of(new byte[0])).isSameAs(Metadata.empty());
	}

	@Test
	void isParsedOnceWhenAskedFor() {
		Metadata metadata = Metadata.of("{\"a\": [1, 2.50]}");
		assertThat(metadata.json().at("/a/1").decimalValue()).isEqualByComparingTo("2.5");
		assertThat(metadata.json()).isSameAs(metadata.json());
		assertThat(Metadata.json(Map.of("b", 1, "a", true)).text()).isEqualTo("{\"a\":true,\"b\":1}");
		assertThat(Metadata.of("x")).isEqualTo(Metadata.of("x")).hasSameHashCodeAs(Metadata.of("x"));
	}

	@Test
	void isReadFromItsHeader() {
		ReceivedMessage<byte[]> message = ReceivedMessage.of("s", 0, 0, 0, null, new byte[0],
				Headers.empty().with(Metadata.HEADER, "m"), "s");
		assertThat(Metadata.of(message).text()).isEqualTo("m");
		assertThat(Metadata.of(ReceivedMessage.of("s", 0, 0, 0, null, new byte[0], Headers.empty(), "s")).isEmpty())
			.isTrue();
	}

}
