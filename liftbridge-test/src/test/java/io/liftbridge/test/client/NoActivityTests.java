package io.liftbridge.test.client;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ActivityDisabledException;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NoActivityTests {

	@Test
	void saysHowToTurnItOn() {
		try (EmbeddedBroker broker = EmbeddedBroker.start();
				LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			assertThatThrownBy(() -> client.activity().handler((event) -> {
			}).start().ended().get(40, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
				.cause()
				.isInstanceOf(ActivityDisabledException.class)
				.hasMessageContaining("activity.stream.enabled");
		}
	}

}
