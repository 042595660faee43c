package io.liftbridge.client.message;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventIdTests {

	@Test
	void laterInAPartitionIsGreater() {
		List<EventId> ids = Stream
			.of(new EventId("s", 0, 2, 0), new EventId("s", 0, 1, 3), new EventId("s", 0, 1, 0),
					new EventId("s", 0, 10, 0))
			.sorted()
			.toList();
		assertThat(ids).extracting(EventId::toString).containsExactly("s/0/1", "s/0/1.3", "s/0/2", "s/0/10");
	}

	@Test
	void differsByStreamAndPartition() {
		EventId id = new EventId("s", 0, 1, 0);
		assertThat(id).isEqualByComparingTo(new EventId("s", 0, 1, 0));
		assertThat(id).isLessThan(new EventId("s", 1, 0, 0)).isLessThan(new EventId("t", 0, 0, 0));
	}

	@Test
	void anAcknowledgementTellsItsPlace() {
		Ack ack = new Ack("s", 2, 7, AckPolicy.LEADER, 0, 0, "", 5);
		assertThat(ack.eventId()).isEqualTo(new EventId("s", 2, 7, 5));
		assertThat(new Ack("s", 2, 7, AckPolicy.LEADER, 0, 0).index()).isZero();
	}

}
