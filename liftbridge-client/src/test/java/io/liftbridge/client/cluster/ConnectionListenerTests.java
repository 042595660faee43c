package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The listener here throws whatever it is told of: nothing may break by that. */
class ConnectionListenerTests extends FakeClusterTest {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final ConnectionListener bad = new ConnectionListener() {

		@Override
		public void onUp(BrokerStatus status) {
			fail("up " + status.address().port());
		}

		@Override
		public void onDown(BrokerStatus status) {
			fail("down " + (status.reason() != null));
		}

		@Override
		public void onReconnecting(BrokerStatus status) {
			fail("reconnecting " + status.state());
		}

		@Override
		public void onBrokerAdded(String id, Address address) {
			fail("added " + id);
		}

		@Override
		public void onBrokerRemoved(String id, Address address) {
			fail("removed " + id);
		}

		@Override
		public void onLeaderChanged(String stream, int partition, String before, String now) {
			fail("leader " + stream + " " + partition + " " + before + " " + now);
		}

		@Override
		public void onMetadataRefreshed(Address source) {
			fail("refreshed " + source.port());
		}

	};

	private void fail(String event) {
		this.events.add(event);
		throw new AssertionError("a bad listener");
	}

	private List<String> events(String kind) {
		return this.events.stream().filter((event) -> event.startsWith(kind)).toList();
	}

	@Test
	void tellsOfMembersThatJoinAndLeave() {
		try (FakeCluster two = new FakeCluster(2)) {
			client(builder().seeds(two.broker(1).address()).connectionListener(this.bad));
			get(this.client.connect());
			assertThat(events("added")).containsExactlyInAnyOrder("added b1", "added b2");
			assertThat(events("refreshed")).containsExactly("refreshed " + two.broker(1).port());
			two.forget(2);
			get(this.client.connect());
			assertThat(events("removed")).containsExactly("removed b2");
			two.remember(2);
			get(this.client.connect());
			assertThat(events("added")).hasSize(3).last().isEqualTo("added b2");
			assertThat(events("leader")).isEmpty();
		}
	}

	@Test
	void tellsOfNewLeaders() {
		try (FakeCluster two = new FakeCluster(2)) {
			List<FakePartition> partitions = two.stream("orders", 2);
			partitions.forEach((partition) -> partition.leader("b2"));
			client(builder().seeds(two.seeds()).connectionListener(this.bad));
			get(this.client.connect());
			two.stream("bills");
			partitions.get(1).leader("b1");
			get(this.client.connect());
			assertThat(events("leader")).containsExactly("leader orders 1 b2 b1");
		}
	}

	@Test
	void tellsOfAttemptsToReconnect() {
		client(builder().connectionListener(this.bad));
		get(this.client.producer("orders").build().send(Message.of("k", "v")));
		this.broker.kill();
		await().atMost(LONG).until(() -> events("reconnecting").size() > 1);
		this.broker.start();
		await().atMost(LONG).until(() -> events("up").size() == 2);
		assertThat(events("reconnecting")).containsOnly("reconnecting DOWN");
		assertThat(this.events.stream().filter((event) -> event.matches("(up|down) .*")))
			.containsExactly("up " + this.broker.port(), "down true", "up " + this.broker.port());
		assertThat(this.events.indexOf("down true")).isLessThan(this.events.indexOf("reconnecting DOWN"));
	}

	/** Calls end on many threads. */
	@Test
	void tellsEachBrokersStatesInTheirOrder() throws Exception {
		List<BrokerStatus.State> told = new CopyOnWriteArrayList<>();
		ConnectionListener listener = new ConnectionListener() {

			@Override
			public void onUp(BrokerStatus status) {
				told.add((status.reason() == null) ? status.state() : BrokerStatus.State.UNKNOWN);
			}

			@Override
			public void onDown(BrokerStatus status) {
				told.add((status.reason() != null) ? status.state() : BrokerStatus.State.UNKNOWN);
			}

		};
		try (Transport transport = new Transport(ConnectTests.options(Address.parse("127.0.0.1:1"), LONG),
				HostLookup.SYSTEM)) {
			BrokerConnection connection = new BrokerConnection(transport, Address.parse("127.0.0.1:1"), listener,
					new Alone(), false);
			RpcStatus broken = new RpcStatus(RpcStatus.Code.UNAVAILABLE, "broken", "b1");
			List<CompletableFuture<Void>> threads = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				boolean up = i % 2 == 0;
				threads.add(CompletableFuture.runAsync(() -> {
					for (int j = 0; j < 2000; j++) {
						if (up) {
							connection.recordSuccess();
						}
						else {
							connection.record(broken);
						}
					}
				}, (task) -> new Thread(task).start()));
			}
			getAll(threads);
			connection.shutdownNow();
			assertThat(told).hasSizeGreaterThan(1);
			for (int i = 1; i < told.size(); i++) {
				assertThat(told.get(i)).isNotEqualTo(BrokerStatus.State.UNKNOWN).isNotEqualTo(told.get(i - 1));
			}
			assertThat(told.get(told.size() - 1)).isEqualTo(connection.status().state());
		}
	}

	private static final class Alone implements BrokerConnection.Owner {

		@Override
		public void strayed(BrokerConnection connection) {
		}

		@Override
		public void recovered() {
		}

		@Override
		public boolean isAdvertisedOnly() {
			return false;
		}

	}

}
