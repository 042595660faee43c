package io.liftbridge.spring.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeAdmin;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.event.ListenerPartitionInterruptedEvent;
import io.liftbridge.spring.event.ListenerPartitionRecoveredEvent;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class BrokerOutageTests {

	@Test
	void startsWhileTheBrokerIsDownAndRecoversByItself() throws IOException {
		int port = freePort();
		Collector listener = new Collector();
		long start = System.nanoTime();
		try (TestApplication app = TestApplication.on("127.0.0.1:" + port)
			.client((client) -> client.requestTimeout(Duration.ofSeconds(30)))
			.listener(listener)
			.start()) {
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
			assertThat(app.container("collector").state()).isEqualTo(ContainerState.STARTING);
			eventually(() -> assertThat(app.container("collector").partitions()).singleElement().satisfies((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.WAITING);
				assertThat(status.lastError()).contains("BrokerUnavailable");
			}));
			try (EmbeddedBroker broker = EmbeddedBroker.builder().port(port).build()) {
				broker.open();
				broker.createStream("in", 2);
				app.awaitRunning("collector");
				app.template().send("in", "k", "hello").join();
				eventually(() -> assertThat(listener.texts).containsExactly("hello"));
				assertThat(app.container("collector").partitions()).hasSize(2)
					.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.LIVE));
			}
		}
	}

	@Test
	void stopsQuicklyWhileTheBrokerIsDown() throws IOException {
		TestApplication app = TestApplication.on("127.0.0.1:" + freePort()).listener(new Collector()).start();
		eventually(() -> assertThat(app.container("collector").partitions().get(0).lastError()).isNotNull());
		long start = System.nanoTime();
		app.container("collector").stop();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
		assertThat(app.container("collector").state()).isEqualTo(ContainerState.STOPPED);
		app.close();
	}

	@Test
	void goesOnWithoutGapWhenTheBrokerIsRestarted() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("in", 1);
			Collector listener = new Collector();
			Events events = new Events();
			try (TestApplication app = TestApplication.on(broker.address())
				.listener(listener)
				.listener("events", events)
				.start()) {
				app.awaitRunning("collector");
				for (int i = 0; i < 20; i++) {
					app.template().send("in", "m" + i).join();
				}
				eventually(() -> assertThat(listener.texts).hasSize(20));
				broker.stop();
				eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.INTERRUPTED));
				assertThat(app.status("collector", 0).lastError()).isNotBlank();
				assertThat(app.container("collector").state()).isEqualTo(ContainerState.RUNNING);
				var sent = app.template().send("in", "while down");
				broker.restart();
				sent.join();
				for (int i = 20; i < 40; i++) {
					app.template().send("in", "m" + i).join();
				}
				eventually(() -> assertThat(listener.texts).contains("m39"));
				Set<String> expected = new LinkedHashSet<>();
				for (int i = 0; i < 20; i++) {
					expected.add("m" + i);
				}
				expected.add("while down");
				for (int i = 20; i < 40; i++) {
					expected.add("m" + i);
				}
				assertThat(new LinkedHashSet<>(listener.texts)).containsExactlyElementsOf(expected);
				eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.LIVE));
				eventually(() -> assertThat(app.cursor("collector", "in", 0))
					.isEqualTo(app.status("collector", 0).position()));
				eventually(() -> assertThat(events.seen).containsExactly("interrupted in/0", "recovered in/0"));
			}
		}
	}

	@Test
	void storesThePositionOnceTheBrokerIsBackAndSaysSoUntilThen() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("in", 1);
			Stalled listener = new Stalled();
			try (TestApplication app = TestApplication.on(broker.address()).listener(listener).start()) {
				app.template().send("in", "m0").join();
				eventually(() -> assertThat(listener.entered).isTrue());
				broker.stop();
				eventually(() -> assertThat(app.status("stalled", 0).state()).isEqualTo(PartitionState.INTERRUPTED));
				listener.proceed = true;
				eventually(() -> assertThat(app.status("stalled", 0).position()).isZero());
				assertThat(app.status("stalled", 0).stored()).isEqualTo(-1);
				broker.restart();
				eventually(() -> assertThat(app.status("stalled", 0).stored()).isZero());
				eventually(() -> assertThat(app.status("stalled", 0).lastError()).isNull());
			}
		}
	}

	@Test
	void waitsForAStreamThatIsCreatedLater() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			Collector listener = new Collector();
			try (TestApplication app = TestApplication.on(broker.address()).listener(listener).start()) {
				eventually(() -> assertThat(app.container("collector").partitions()).singleElement()
					.satisfies((status) -> {
						assertThat(status.stream()).isEqualTo("in");
						assertThat(status.partition()).isEqualTo(PartitionStatus.UNKNOWN);
						assertThat(status.state()).isEqualTo(PartitionState.WAITING);
						assertThat(status.lastError()).contains("'in' does not exist");
					}));
				app.createStream("in", 3);
				app.awaitRunning("collector");
				assertThat(app.container("collector").partitions()).extracting(PartitionStatus::partition)
					.containsExactly(0, 1, 2);
				app.template().send("in", "x");
				eventually(() -> assertThat(listener.texts).containsExactly("x"));
			}
		}
	}

	@Test
	void readsAStreamThatWasDeletedAndCreatedAnewFromItsBeginning() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("in", 1);
			Collector listener = new Collector();
			try (TestApplication app = TestApplication.on(broker.address()).listener(listener).start()) {
				for (int i = 0; i < 3; i++) {
					app.template().send("in", "old" + i).join();
				}
				eventually(() -> assertThat(app.cursor("collector", "in", 0)).isEqualTo(2));
				app.client().streams().delete("in");
				eventually(() -> assertThat(app.status("collector", 0).state().isDown()).isTrue());
				app.client().streams().create(StreamSpec.named("in"));
				app.template().send("in", "new0").join();
				eventually(() -> assertThat(listener.texts).endsWith("new0"));
				eventually(() -> assertThat(app.cursor("collector", "in", 0)).isZero());
			}
		}
	}

	@Test
	void anEventListenerThatThrowsDoesNotEndAPartition() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("in", 1);
			Collector listener = new Collector();
			ThrowingEvents events = new ThrowingEvents();
			try (TestApplication app = TestApplication.on(broker.address())
				.listener(listener)
				.listener("events", events)
				.start()) {
				app.awaitRunning("collector");
				app.client().streams().delete("in");
				eventually(() -> assertThat(events.calls).hasPositiveValue());
				app.client().streams().create(StreamSpec.named("in"));
				app.template().send("in", "new0").join();
				eventually(() -> assertThat(listener.texts).containsExactly("new0"));
			}
		}
	}

	@Test
	void reportsAPartitionThatTheStreamDoesNotHaveAndReadsTheOthers() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("in", 1);
			Beyond listener = new Beyond();
			try (TestApplication app = TestApplication.on(broker.address()).listener(listener).start()) {
				app.template().send("in", "x");
				eventually(() -> assertThat(listener.texts).containsExactly("x"));
				eventually(() -> assertThat(app.status("beyond", 7)).satisfies((status) -> {
					assertThat(status.state()).isEqualTo(PartitionState.WAITING);
					assertThat(status.lastError()).contains("no partition 7");
				}));
				assertThat(app.container("beyond").state()).isEqualTo(ContainerState.STARTING);
			}
		}
	}

	@Test
	void saysThatTheBrokerStoresNoCursors() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().cursorPartitions(0).build()) {
			broker.open();
			broker.createStream("in", 1);
			try (TestApplication app = TestApplication.on(broker.address()).listener(new Collector()).start()) {
				eventually(() -> assertThat(app.status("collector", 0)).satisfies((status) -> {
					assertThat(status.state()).isEqualTo(PartitionState.WAITING);
					assertThat(status.lastError()).contains("CursorsDisabled");
				}));
			}
		}
	}

	@Test
	void theAdminCreatesStreamsInTheBackgroundOnceTheBrokerIsThere() throws IOException {
		int port = freePort();
		Collector listener = new Collector();
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds("127.0.0.1:" + port).build();
				TestApplication app = TestApplication.on("127.0.0.1:" + port)
					.listener(listener)
					.bean("admin", LiftbridgeAdmin.class,
							() -> new LiftbridgeAdmin(client, Set.of(StreamSpec.named("in").partitions(2))))
					.start()) {
			assertThat(app.bean(LiftbridgeAdmin.class).pending()).containsOnlyKeys("in");
			try (EmbeddedBroker broker = EmbeddedBroker.builder().port(port).build()) {
				broker.open();
				app.awaitRunning("collector");
				eventually(() -> assertThat(app.bean(LiftbridgeAdmin.class).pending()).isEmpty());
				assertThat(app.client().streams().describe("in").partitions()).hasSize(2);
			}
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			return socket.getLocalPort();
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "in")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Beyond {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "beyond", streams = "in", partitions = "0,7")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Stalled {

		volatile boolean entered;

		volatile boolean proceed;

		@LiftbridgeListener(id = "stalled", streams = "in")
		void on(String text) {
			this.entered = true;
			while (!this.proceed) {
				Thread.onSpinWait();
			}
		}

	}

	static class ThrowingEvents {

		final AtomicInteger calls = new AtomicInteger();

		@EventListener
		void on(ListenerPartitionInterruptedEvent event) {
			this.calls.incrementAndGet();
			throw new IllegalStateException("thrown by an event listener");
		}

	}

	static class Events {

		final Queue<String> seen = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerPartitionInterruptedEvent event) {
			this.seen.add("interrupted " + event.getStream() + "/" + event.getPartition());
		}

		@EventListener
		void on(ListenerPartitionRecoveredEvent event) {
			this.seen.add("recovered " + event.getStream() + "/" + event.getPartition());
		}

	}

}
