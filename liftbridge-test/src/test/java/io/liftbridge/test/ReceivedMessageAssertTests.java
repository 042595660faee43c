package io.liftbridge.test;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static io.liftbridge.test.LiftbridgeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReceivedMessageAssertTests {

	private final ReceivedMessage<byte[]> message = message("k1", "{\"amount\": 5, \"lines\": [\"a\"]}");

	@Test
	void holds() {
		assertThat(this.message).hasKey("k1")
			.hasHeader("region", "eu")
			.hasHeader("region")
			.hasNoHeader("country")
			.hasStream("orders")
			.hasPartition(2)
			.hasOffset(7)
			.hasSubject("orders")
			.hasText(this.message.text())
			.hasValue(this.message.text().getBytes(StandardCharsets.UTF_8))
			.hasJson("{\"lines\": [\"a\"], \"amount\": 5}")
			.hasJson("/lines/0", "a")
			.hasJson("/amount", 5L)
			.json(Order.class)
			.satisfies((order) -> assertThat(order.amount()).isEqualTo(5));
		assertThat(message(null, "x")).hasNoKey();
		assertThat(this.message.withValue(5)).hasValue(5);
	}

	@Test
	void tellsWhatThereIs() {
		fails(() -> assertThat(this.message).hasKey("k2"), "Expecting ReceivedMessage[orders/2@7] to have key", "k2",
				"but it has", "k1");
		fails(() -> assertThat(this.message).hasNoKey(), "k1");
		fails(() -> assertThat(this.message).hasHeader("country"), "'country'", "[region]");
		fails(() -> assertThat(this.message).hasHeader("region", "us"), "header 'region'", "us", "eu");
		fails(() -> assertThat(this.message).hasOffset(8), "offset", "8", "7");
		fails(() -> assertThat(this.message).hasJson("{\"amount\": 6}"), "JSON");
		fails(() -> assertThat(this.message).hasJson("/total", 5), "/total");
		fails(() -> assertThat(message(null, "no JSON")).hasJson("{}"), "to have JSON as its value", "no JSON");
		fails(() -> assertThat(message(null, "[]")).json(Order.class), "can be read as Order");
	}

	private static void fails(ThrowingCallable assertion, String... texts) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion)
			.satisfies((error) -> assertThat(error.getMessage()).contains(texts));
	}

	private static ReceivedMessage<byte[]> message(String key, String value) {
		return ReceivedMessage.of("orders", 2, 7, 1, (key != null) ? key.getBytes(StandardCharsets.UTF_8) : null,
				value.getBytes(StandardCharsets.UTF_8), Headers.empty().with("region", "eu"), "orders");
	}

	record Order(int amount, List<String> lines) {
	}

}
