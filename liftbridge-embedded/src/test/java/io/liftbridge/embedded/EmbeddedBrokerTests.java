package io.liftbridge.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.grpc.Status;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.SetCursorRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EmbeddedBrokerTests {

	@Test
	void isReadyInAMoment() {
		EmbeddedBroker.start().close();
		long best = IntStream.range(0, 5).mapToLong((i) -> {
			long start = System.nanoTime();
			try (EmbeddedBroker broker = EmbeddedBroker.start(); Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(broker.host(), broker.port()));
				return System.nanoTime() - start;
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
		}).min().orElseThrow();
		assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void listensOnLoopbackOnly() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			assertThat(broker.host()).isEqualTo("127.0.0.1");
			assertThat(broker.address()).isEqualTo("127.0.0.1:" + broker.port());
			assertThat(broker.isRunning()).isTrue();
			// Only possible where the broker does not listen on every address.
			try (ServerSocket neighbour = new ServerSocket(broker.port(), 1, InetAddress.getByName("127.0.0.2"))) {
				assertThat(neighbour.isBound()).isTrue();
			}
		}
	}

	@Test
	void livesBesideOthers() {
		List<EmbeddedBroker> brokers = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				EmbeddedBroker broker = EmbeddedBroker.builder().brokerId("b" + i).start();
				brokers.add(broker);
				broker.createStream("s", 1);
			}
			for (EmbeddedBroker broker : brokers) {
				try (RawClient client = new RawClient(broker)) {
					assertThat(client.publish("s", "v").getOffset()).isZero();
				}
			}
			assertThat(brokers).extracting(EmbeddedBroker::port).doesNotHaveDuplicates();
		}
		finally {
			brokers.forEach(EmbeddedBroker::close);
		}
	}

	@Test
	void leavesNoThreadsAndNoPortBehind() throws Exception {
		EmbeddedBroker.start().close();
		Set<Thread> before = brokerThreads();
		int port;
		try (EmbeddedBroker broker = EmbeddedBroker.start(); RawClient client = new RawClient(broker)) {
			client.create("s", 2);
			client.subscribe(fromEarliest("s")).awaitLive();
			client.publish("s", "v");
			port = broker.port();
			Set<Thread> own = brokerThreads();
			// Those from before may end at any moment.
			own.removeAll(before);
			assertThat(own).isNotEmpty();
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			Set<Thread> left = brokerThreads();
			left.removeAll(before);
			assertThat(left).isEmpty();
		});
		try (EmbeddedBroker again = EmbeddedBroker.builder().port(port).start()) {
			assertThat(again.port()).isEqualTo(port);
		}
	}

	/**
	 * All threads but those of test clients, which share theirs and keep them for a
	 * while.
	 */
	private static Set<Thread> brokerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("liftbridge-embedded"))
			.collect(Collectors.toSet());
	}

	@Test
	void saysWhichPortIsTakenAndWhatToDo() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(taken.getLocalPort());
			assertThatIllegalStateException().isThrownBy(builder::start)
				.withMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1")
				.withMessageContaining("EmbeddedBroker.builder().port(...)");
		}
	}

	@Test
	void refusesSenselessSettings() {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.port(65536)).withMessageContaining("65536");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.port(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.cursorPartitions(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.brokerId(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxMessageBytes(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.restartWindow(Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.consumerTimeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.coordinatorTimeout(Duration.ZERO));
	}

	@Test
	void isBuiltThenOpenedOnce() {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().brokerId("b7").build()) {
			assertThat(broker.isRunning()).isFalse();
			broker.createStream("s", 1);
			broker.open();
			assertThat(broker.isRunning()).isTrue();
			assertThatIllegalStateException().isThrownBy(broker::open);
			try (RawClient client = new RawClient(broker)) {
				assertThat(client.publish("s", "v").getOffset()).isZero();
				assertThat(client.partition("s", 0).getLeader()).isEqualTo("b7");
			}
		}
	}

	@Test
	void createsStreamsForTests() {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.createStream("s", 3);
			assertThatIllegalArgumentException().isThrownBy(() -> broker.createStream("s", 1))
				.withMessage("Cannot create stream 's': stream already exists");
			assertThatIllegalArgumentException().isThrownBy(() -> broker.createStream("a b", 1))
				.withMessageContaining("Subject is invalid");
		}
	}

	@Test
	void closingTwiceIsFreeAndFinal() {
		EmbeddedBroker broker = EmbeddedBroker.start();
		broker.close();
		broker.close();
		broker.stop();
		assertThat(broker.isRunning()).isFalse();
		assertThatIllegalStateException().isThrownBy(broker::restart).withMessageContaining("closed");
		assertThatIllegalStateException().isThrownBy(() -> broker.createStream("s", 1)).withMessageContaining("closed");
	}

	@Test
	void keepsEverythingOverARestartOnTheSamePort() {
		try (EmbeddedBroker broker = EmbeddedBroker.start(); RawClient client = new RawClient(broker)) {
			int port = broker.port();
			client.create("s", 2);
			client.publishAll("s", "m0", "m1");
			client.publish(message("s", "p1").setPartition(1));
			client.call()
				.setCursor(SetCursorRequest.newBuilder().setStream("s").setCursorId("c").setOffset(17).build());
			for (int i = 0; i < 3; i++) {
				broker.stop();
				assertThat(broker.isRunning()).isFalse();
				broker.restart();
				assertThat(broker.port()).isEqualTo(port);
			}
			try (RawClient again = new RawClient(broker)) {
				Subscriber subscriber = again.subscribe(fromEarliest("s"));
				subscriber.awaitMessages(2);
				assertThat(subscriber.values()).containsExactly("m0", "m1");
				assertThat(again.publish("s", "m2").getOffset()).isEqualTo(2);
				assertThat(again.call()
					.fetchCursor(FetchCursorRequest.newBuilder().setStream("s").setCursorId("c").build())
					.getOffset()).isEqualTo(17);
			}
		}
	}

	@Test
	void restartsWhileItRuns() {
		try (EmbeddedBroker broker = EmbeddedBroker.start(); RawClient client = new RawClient(broker)) {
			client.create("s", 1);
			broker.restart();
			assertThat(broker.isRunning()).isTrue();
		}
	}

	@RepeatedTest(10)
	void breaksAllCallsAsADyingServerWould() {
		try (EmbeddedBroker broker = EmbeddedBroker.start(); RawClient client = new RawClient(broker)) {
			client.create("s", 1);
			Subscriber subscriber = client.subscribe(fromEarliest("s")).awaitLive();
			Pipe pipe = client.pipe().send(message("s", "v"));
			pipe.awaitResponses(1);
			broker.stop();
			assertThat(subscriber.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(pipe.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(client.failure((call) -> call.fetchMetadata(FetchMetadataRequest.getDefaultInstance())))
				.startsWith("UNAVAILABLE");
		}
	}

	@Test
	void losesNothingThatWasAcknowledgedWhenStoppedUnderLoad() {
		try (EmbeddedBroker broker = EmbeddedBroker.start(); RawClient client = new RawClient(broker)) {
			client.create("s", 1);
			Pipe pipe = client.pipe();
			for (int i = 0; i < 20_000; i++) {
				pipe.send(message("s", "v" + i).setCorrelationId("v" + i));
				if (i == 10_000) {
					pipe.awaitResponses(100);
					broker.stop();
				}
			}
			pipe.awaitEnd();
			broker.restart();
			try (RawClient again = new RawClient(broker)) {
				long newest = again.partition("s", 0).getNewestOffset();
				Subscriber subscriber = again.subscribe(fromEarliest("s"));
				subscriber.awaitMessages((int) newest + 1);
				assertThat(subscriber.values())
					.containsAll(pipe.responses().stream().map(PublishResponse::getCorrelationId).toList());
			}
		}
	}

	@Test
	void knowsNoMetadataForAWhileAfterARestart() {
		Duration window = Duration.ofSeconds(4);
		try (EmbeddedBroker broker = EmbeddedBroker.builder().restartWindow(window).start();
				RawClient first = new RawClient(broker)) {
			first.create("s", 1);
			first.publish("s", "v");
			broker.restart();
			long restarted = System.nanoTime();
			try (RawClient client = new RawClient(broker)) {
				assertThat(client.failure((call) -> call.publish(message("s", "v").build())))
					.isEqualTo("NOT_FOUND no such stream: s");
				assertThat(client.subscribe(fromEarliest("s")).awaitEndText()).isEqualTo("NOT_FOUND No such partition");
				assertThat(
						client.call().fetchMetadata(FetchMetadataRequest.getDefaultInstance()).getStreamMetadataList())
					.isEmpty();
				assertThat(
						RawClient.failureOf(() -> client.withoutDeadline().createStream(RawClient.stream("t").build())))
					.isEqualTo("INTERNAL no known metadata leader");
				assertThat(RawClient.failureOf(() -> client.withoutDeadline()
					.joinConsumerGroup(JoinConsumerGroupRequest.newBuilder()
						.setGroupId("g")
						.setConsumerId("c")
						.addStreams("s")
						.build())))
					.isEqualTo("INTERNAL no known metadata leader");
				client.create("t", 1);
				assertThat(System.nanoTime() - restarted).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
				assertThat(client.publish("s", "v").getOffset()).isOne();
			}
		}
	}

}
