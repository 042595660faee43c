package io.liftbridge.client.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageTests {

	@Test
	void asksForNothingByDefault() {
		Message message = Message.of(new byte[] { 1 });
		assertThat(message.key()).isNull();
		assertThat(message.value()).containsExactly(1);
		assertThat(message.headers().isEmpty()).isTrue();
		assertThat(message.partition()).isEqualTo(Message.ANY_PARTITION);
		assertThat(message.ackPolicy()).isNull();
		assertThat(message.expectedOffset()).isEqualTo(-1);
	}

	@Test
	void treatsAnEmptyKeyAsNone() {
		assertThat(Message.builder().key(new byte[0]).build().key()).isNull();
		assertThat(Message.builder().key("").build().key()).isNull();
		assertThat(Message.builder().key("k").key((String) null).build().key()).isNull();
		assertThat(Message.builder().key("k").key((byte[]) null).build().key()).isNull();
	}

	@Test
	void copiesThroughItsBuilder() {
		Message message = Message.builder()
			.key("k")
			.value("v")
			.header("h", "1")
			.partition(3)
			.ackPolicy(AckPolicy.ALL)
			.expectedOffset(7)
			.build();
		Message copy = message.toBuilder().header("i", "2").build();
		assertThat(copy.key()).isEqualTo("k".getBytes(StandardCharsets.UTF_8));
		assertThat(copy.value()).isEqualTo("v".getBytes(StandardCharsets.UTF_8));
		assertThat(copy.partition()).isEqualTo(3);
		assertThat(copy.ackPolicy()).isEqualTo(AckPolicy.ALL);
		assertThat(copy.expectedOffset()).isEqualTo(7);
		assertThat(copy.headers().names()).containsExactly("h", "i");
		assertThat(message.headers().names()).containsExactly("h");
	}

	@Test
	void refusesWhatCannotBe() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Message.builder().partition(-2))
			.withMessageContaining("-2");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Message.builder().expectedOffset(-2))
			.withMessageContaining("-2");
		assertThat(Message.builder().partition(-1).expectedOffset(-1).build().partition()).isEqualTo(-1);
	}

	@Test
	void hidesItsContentFromLogs() {
		assertThat(Message.of("secret-key", "secret-value")).asString().contains("12 bytes").doesNotContain("secret");
	}

	@Test
	void tellsTimesInNanoseconds() {
		ReceivedMessage<byte[]> message = ReceivedMessage.of("s", 1, 2, 1_700_000_000_123_456_789L, null,
				"v".getBytes(StandardCharsets.UTF_8), Headers.empty(), "s.1");
		assertThat(message.timestamp()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456789Z"));
		assertThat(message.text()).isEqualTo("v");
		assertThat(message.keyText()).isNull();
		assertThat(message.withValue(5).text()).isEqualTo("5");
		assertThat(message.withValue(5).offset()).isEqualTo(2);
		assertThat(message).hasToString("ReceivedMessage[s/1@2]");
		Ack ack = new Ack("s", 0, 3, AckPolicy.ALL, 1_000_000_001L, -1);
		assertThat(ack.receivedAt()).isEqualTo(Instant.ofEpochSecond(1, 1));
		assertThat(ack.committedAt()).isEqualTo(Instant.ofEpochSecond(-1, 999_999_999));
	}

	@Test
	void namesTheKindOfFailureInItsText() {
		assertThat(new StreamNotFoundException("stream 'x' does not exist", null))
			.hasToString("StreamNotFoundException: stream 'x' does not exist");
		assertThat(new LiftbridgeException("something")).hasToString("LiftbridgeException: something");
		assertThat(new LiftbridgeException("something").outcome()).isEqualTo(Outcome.REFUSED);
	}

}
