package io.liftbridge.test;

import java.time.Duration;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.test.context.EmbeddedLiftbridge;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

@EmbeddedLiftbridge(streams = { "records:2", "consumed:2", "silent" })
class LiftbridgeTestUtilsTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	private final LiftbridgeClient client;

	private final LiftbridgeTestTemplate liftbridge;

	LiftbridgeTestUtilsTests(LiftbridgeClient client, LiftbridgeTestTemplate liftbridge) {
		this.client = client;
		this.liftbridge = liftbridge;
	}

	@Test
	void readsAllPartitionsInTheOrderOfArrival() {
		for (int i = 0; i < 6; i++) {
			this.liftbridge.send("records", Message.builder().value("m" + i).partition(i % 2).build());
		}
		assertThat(LiftbridgeTestUtils.records(this.client, "records")).extracting((message) -> message.text())
			.containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> LiftbridgeTestUtils.records(this.client, "nowhere"));
	}

	@Test
	void aStreamThatIsNotThereHasNoMessages() {
		assertThat(this.liftbridge.messages("nowhere")).isEmpty();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.liftbridge.messages("silent")).within(SHORT).hasSize(1))
			.withMessageContaining("stream 'silent' has 1 messages: not within PT0.05S, it has 0");
	}

	@Test
	void waitsForTheCursorOfAReader() {
		this.liftbridge.send("consumed", Message.builder().value("m").partition(1).build());
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> LiftbridgeTestUtils.awaitConsumed(this.client, "consumed", "billing", SHORT))
			.withMessageContaining("partition 1 is processed up to nothing, the newest is 0");
		this.client.cursors().set("billing", "consumed", 1, 0);
		LiftbridgeTestUtils.awaitConsumed(this.client, "consumed", "billing");
	}

	@Test
	void saysWhatAListenerIs() {
		assertThatIllegalArgumentException().isThrownBy(() -> LiftbridgeTestUtils.awaitAssignment("billing"))
			.withMessageContaining("take it from LiftbridgeListenerEndpointRegistry.container(id)");
		assertThatNullPointerException().isThrownBy(() -> LiftbridgeTestUtils.awaitAssignment(null, 4))
			.withMessageContaining("gives null if no listener has that id");
	}

}
