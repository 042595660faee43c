package io.liftbridge.client.group;

import java.time.Duration;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.fake.FakeCable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A member whose broker accepts connections, and says nothing. */
class GroupSilenceTests extends FakeGroupTest {

	@Test
	void readsOnAsSoonAsItsBrokerAnswersAgain() throws Exception {
		try (FakeCable cable = new FakeCable(this.broker, false)) {
			Address address = new Address("127.0.0.1", cable.port());
			client(builder().seeds(address.toString())
				.addressResolver((advertised) -> address)
				.connectTimeout(Duration.ofSeconds(1)));
			start(member());
			this.orders.append("a");
			awaitReceived("a");
			cable.mute();
			await().atMost(Duration.ofMinutes(1)).until(() -> cable.ignored() >= 3);
			this.orders.append("b");
			cable.unmute();
			awaitReceived("a", "b");
			awaitCursor(1);
			assertThat(this.told.failures).isEmpty();
		}
	}

}
