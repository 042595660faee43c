package io.liftbridge.boot.autoconfigure.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.listener.PartitionStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeHealthIndicatorTests {

	private static final Instant NOW = Instant.parse("2026-11-21T03:12:08.500Z");

	private static final BrokerStatus UP = broker("b1", BrokerStatus.State.UP, null);

	private static final BrokerStatus DOWN = broker("b2", BrokerStatus.State.DOWN, "connection refused");

	private static final BrokerStatus UNKNOWN = broker("b3", BrokerStatus.State.UNKNOWN, null);

	@Test
	void isUnknownBeforeTheFirstContact() {
		assertThat(health(List.of()).getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health(List.of(UNKNOWN)).getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void isUpIfABrokerAnswers() {
		Health health = health(List.of(UP, DOWN, UNKNOWN));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsOnlyKeys("brokers")
			.containsEntry("brokers",
					Map.of("b1", "UP", "b2", "DOWN since 2026-11-21T03:12:04Z: connection refused", "b3", "UNKNOWN"));
	}

	@Test
	void isDownIfNoBrokerAnswers() {
		assertThat(health(List.of(DOWN, UNKNOWN)).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void isDownIfAListenerHasFailed() {
		Health health = health(List.of(UP), new StubContainer("billing", ContainerState.FAILED,
				new IllegalStateException("stream 'orders' has no partition 9"), List.of()));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "FAILED: java.lang.IllegalStateException: stream 'orders' has no partition 9"));
	}

	@Test
	void showsListenersThatAreWell() {
		Health health = health(List.of(UP),
				container("billing", partition(0, PartitionState.LIVE, 100), partition(1, PartitionState.ENDED, 9)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners", Map.of("billing", "RUNNING"));
	}

	@Test
	void showsWhatIsWrongAlthoughMessagesAreDelivered() {
		Health health = health(List.of(UP), container("billing", new PartitionStatus("orders", 2, 0, 0, 0,
				PartitionState.LIVE, "position 41 is not stored: cursors are off", NOW.minusSeconds(60))));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners", Map.of("billing",
				"RUNNING, orders partition 2 live for 60 s: position 41 is not stored: cursors are off"));
	}

	@Test
	void isDownIfAPartitionIsInterruptedForTooLong() {
		Health health = health(List.of(UP, DOWN), container("billing", partition(0, PartitionState.LIVE, 100),
				partition(3, PartitionState.INTERRUPTED, 4)));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "RUNNING, orders partition 3 interrupted for 4 s: no leader"));
	}

	@Test
	void toleratesAShortInterruption() {
		Health health = health(List.of(UP), container("billing", partition(3, PartitionState.INTERRUPTED, 3)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "RUNNING, orders partition 3 interrupted for 3 s: no leader"));
	}

	@Test
	void showsWhyAMessageIsRetriedAndStaysUp() {
		Health health = health(List.of(UP), container("billing", partition(3, PartitionState.RETRYING, 60)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "RUNNING, orders partition 3 retrying for 60 s: no leader"));
	}

	@ParameterizedTest
	@EnumSource(PartitionState.class)
	void isDownForEachStateThatIsDown(PartitionState state) {
		Health health = health(List.of(UP), container("billing", partition(0, state, 60)));
		assertThat(health.getStatus()).isEqualTo(state.isDown() ? Status.DOWN : Status.UP);
	}

	@Test
	void waitsForAStreamThatIsNotThere() {
		PartitionStatus waiting = new PartitionStatus("orders", PartitionStatus.UNKNOWN, -1, -1, -1,
				PartitionState.WAITING, "stream 'orders' does not exist", NOW.minusSeconds(9));
		Health health = health(List.of(UP), container("billing", waiting));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "RUNNING, orders waiting for 9 s: stream 'orders' does not exist"));
	}

	@Test
	void staysReadableWithManyPartitions() {
		PartitionStatus[] many = IntStream.range(0, 100)
			.mapToObj((number) -> partition(number, PartitionState.INTERRUPTED, 9))
			.toArray(PartitionStatus[]::new);
		Health health = health(List.of(UP), container("billing", many));
		assertThat(health.getDetails()).containsEntry("listeners", Map.of("billing",
				"RUNNING, orders partitions 0, 1, 2, 3, 4 and 95 more interrupted for 9 s: no leader"));
	}

	@Test
	void tellsEachErrorOnce() {
		Health health = health(List.of(UP),
				container("billing", failing("orders", 0, "the leader of stream 'orders' partition 0 is gone", 9),
						failing("orders", 1, "the leader of stream 'orders' partition 1 is gone", 4),
						failing("bills", 0, "cursors are off", 5), failing("invoices", 7, "cursors are off", 5)));
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing",
						"RUNNING, orders partitions 0, 1 interrupted for up to 9 s: the leader of stream 'orders'"
								+ " partition 0 is gone; bills partition 0, invoices partition 7 interrupted for 5 s:"
								+ " cursors are off"));
	}

	@Test
	void staysReadableWithManyErrors() {
		PartitionStatus[] many = IntStream.range(0, 100)
			.mapToObj((number) -> failing("orders", number, "error " + number, 9))
			.toArray(PartitionStatus[]::new);
		assertThat(health(List.of(UP), container("billing", many)).getDetails().get("listeners").toString())
			.contains("error 4")
			.endsWith("; and 95 more}")
			.doesNotContain("error 5");
	}

	@Test
	void aListenerMayWaitForTheFirstDeadLetterOfAnother() {
		ContainerProperties properties = new ContainerProperties();
		properties.setStreams(List.of("orders"));
		ListenerContainer billing = new StubContainer("billing", ContainerState.RUNNING, null,
				List.of(partition(0, PartitionState.LIVE, 9)), properties);
		String missing = new StreamNotFoundException("it does not exist", null).toString();
		Health health = health(List.of(UP), billing, container("graveyard", waiting("orders.dlt", missing)));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners",
				Map.of("billing", "RUNNING", "graveyard", "RUNNING, orders.dlt waits for the first dead letter"));
		assertThat(health(List.of(UP), billing, container("graveyard", waiting("bills.dlt", missing))).getStatus())
			.isEqualTo(Status.DOWN);
		assertThat(
				health(List.of(UP), billing, container("graveyard", waiting("orders.dlt", "not allowed"))).getStatus())
			.isEqualTo(Status.DOWN);
	}

	private static PartitionStatus waiting(String stream, String error) {
		return new PartitionStatus(stream, PartitionStatus.UNKNOWN, -1, -1, -1, PartitionState.WAITING, error,
				NOW.minusSeconds(9));
	}

	private static PartitionStatus failing(String stream, int number, String error, int seconds) {
		return new PartitionStatus(stream, number, 0, 0, 0, PartitionState.INTERRUPTED, error,
				NOW.minusSeconds(seconds));
	}

	@Test
	void aStoppedListenerIsNoReasonToBeDown() {
		Health health = health(List.of(UP), new StubContainer("billing", ContainerState.STOPPED, null, List.of()));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("listeners", Map.of("billing", "STOPPED"));
	}

	private static Health health(List<BrokerStatus> brokers, ListenerContainer... containers) {
		return new LiftbridgeHealthIndicator(() -> brokers, () -> List.of(containers), ".dlt", Duration.ofSeconds(3),
				Clock.fixed(NOW, ZoneOffset.UTC))
			.health();
	}

	private static ListenerContainer container(String id, PartitionStatus... partitions) {
		return new StubContainer(id, ContainerState.RUNNING, null, List.of(partitions));
	}

	private static PartitionStatus partition(int number, PartitionState state, int seconds) {
		boolean well = state == PartitionState.LIVE || state == PartitionState.ENDED;
		return new PartitionStatus("orders", number, 0, 0, 0, state, well ? null : "no leader",
				NOW.minusSeconds(seconds));
	}

	private static BrokerStatus broker(String id, BrokerStatus.State state, String reason) {
		return new BrokerStatus(id, new Address("localhost", 9292), state, NOW.minusMillis(4400), reason, 0, 0);
	}

}
