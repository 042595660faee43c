package io.liftbridge.client.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SilentServer;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.proto.FetchMetadataResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ClusterTests extends FakeClusterTest {

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	private final ConnectionListener listener = new ConnectionListener() {

		@Override
		public void onUp(BrokerStatus broker) {
			ClusterTests.this.events.add("up " + broker.address().port());
		}

		@Override
		public void onDown(BrokerStatus broker) {
			ClusterTests.this.events.add("down " + broker.address().port());
			throw new IllegalStateException("a bad listener");
		}

	};

	private BrokerStatus status(String id) {
		return this.client.brokers().stream().filter((status) -> status.id().equals(id)).findFirst().orElse(null);
	}

	private static Duration time(Runnable action) {
		long start = System.nanoTime();
		action.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@Test
	void connectsWithTheFirstUse() {
		assertThat(this.client.brokers()).isEmpty();
		await().during(Duration.ofMillis(50)).until(() -> this.broker.count("FetchMetadata") == 0);
		this.client.streams().list();
		assertThat(this.broker.count("FetchMetadata")).isOne();
		assertThat(this.client.brokers()).hasSize(1);
		assertThat(status("b1").state()).isEqualTo(BrokerStatus.State.UP);
		assertThat(status("b1").address()).isEqualTo(new Address("127.0.0.1", this.broker.port()));
		assertThat(status("b1").reason()).isNull();
		assertThat(status("b1").since()).isBetween(Instant.now().minusSeconds(60), Instant.now());
	}

	@Test
	void startsAlthoughNoBrokerCanBeReached() {
		client(builder().seeds(SilentServer.deadAddress()).requestTimeout(Duration.ofSeconds(5)));
		assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> this.client.streams().list())
			.withMessageContaining("127.0.0.1:")
			.withMessageContaining("Connection refused")
			.withMessageContaining("liftbridge.seeds")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n"));
	}

	@Test
	void findsTheOneSeedThatAnswers() {
		client(builder().seeds(SilentServer.deadAddress(), this.broker.address(), SilentServer.deadAddress()));
		assertThat(this.client.streams().exists("orders")).isTrue();
		assertThat(this.client.brokers()).extracting(BrokerStatus::id).containsExactly("b1");
	}

	@Test
	void learnsOfAllBrokersFromOne() {
		try (FakeCluster three = new FakeCluster(3)) {
			FakePartition partition = three.stream("orders");
			partition.leader("b3");
			client(builder().seeds(three.broker(2).address()));
			get(this.client.connect());
			assertThat(this.client.brokers()).extracting(BrokerStatus::id).containsExactly("b1", "b2", "b3");
			assertThat(status("b1").state()).isEqualTo(BrokerStatus.State.UNKNOWN);
			get(this.client.producer("orders").build().send(Message.of("k", "v")));
			assertThat(three.broker(3).publishCalls()).as("goes to the leader").hasSize(1);
			assertThat(status("b3").state()).isEqualTo(BrokerStatus.State.UP);
		}
	}

	@Test
	void forgetsBrokersThatLeave() {
		try (FakeCluster two = new FakeCluster(2)) {
			client(builder().seeds(two.broker(1).address()));
			get(this.client.connect());
			assertThat(this.client.brokers()).hasSize(2);
			two.forget(2);
			get(this.client.connect());
			assertThat(this.client.brokers()).extracting(BrokerStatus::id).containsExactly("b1");
			two.remember(2);
			get(this.client.connect());
			assertThat(this.client.brokers()).hasSize(2);
		}
	}

	@Test
	void reachesBrokersWhereTheResolverSays() {
		this.broker.<Object, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse.Builder response = this.cluster.metadata().toBuilder();
			response.getBrokersBuilder(0).setHost("inside.example").setPort(1);
			observer.onNext(response.build());
			observer.onCompleted();
		});
		client(builder().addressResolver((advertised) -> {
			assertThat(advertised).isEqualTo(new Address("inside.example", 1));
			return new Address("127.0.0.1", this.broker.port());
		}));
		assertThat(get(this.client.producer("orders").build().send(Message.of("k", "v"))).offset()).isZero();
	}

	/** A server with another port than it tells of is the commonest mistake of all. */
	@Test
	void saysThatABrokerIsNotWhereItAdvertises() {
		Address dead = Address.parse(SilentServer.deadAddress());
		this.broker.<Object, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse.Builder response = this.cluster.metadata().toBuilder();
			response.getBrokersBuilder(0).setHost(dead.host()).setPort(dead.port());
			observer.onNext(response.build());
			observer.onCompleted();
		});
		client(builder());
		get(this.client.connect());
		this.client.producer("orders").build().send(Message.of("k", "v"));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.brokers()).singleElement()
				.satisfies((status) -> assertThat(status.reason()).contains("it was never reached at this address",
						"correct host and port in its configuration", "AddressResolver")));
	}

	@Test
	void saysNothingOfAdvertisingWhereABrokerEnds() {
		client(builder());
		get(this.client.producer("orders").build().send(Message.of("k", "v")));
		this.broker.kill();
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.brokers()).singleElement()
				.satisfies((status) -> assertThat(status.reason()).isNotNull().doesNotContain("address")));
	}

	@Test
	void reportsAResolverThatFails() {
		client(builder().requestTimeout(Duration.ofSeconds(5)).addressResolver((advertised) -> {
			throw new IllegalStateException("no such host here");
		}));
		assertThat(failure(this.client.connect())).hasMessageContaining("no such host here");
		assertThat(failure(this.client.connect())).hasMessageContaining("no such host here");
	}

	@Test
	void doesNotLetAHangingSeedHoldUpTheOthers() {
		try (SilentServer silent = new SilentServer()) {
			client(builder().seeds(silent.address(), this.broker.address()).connectTimeout(Duration.ofSeconds(1)));
			for (int i = 0; i < 5; i++) {
				assertThat(time(() -> get(this.client.connect()))).isLessThan(Duration.ofSeconds(5));
			}
		}
	}

	@Test
	void doesNotAskAHangingBrokerFirstAgain() {
		try (FakeCluster two = new FakeCluster(2)) {
			two.broker(2).hang("FetchMetadata");
			client(builder().seeds(two.seeds()).connectTimeout(Duration.ofSeconds(2)));
			// Until the hanging one was asked once.
			await().until(() -> {
				get(this.client.connect());
				return two.broker(2).count("FetchMetadata") > 0;
			});
			assertThat(status("b2").state()).isEqualTo(BrokerStatus.State.DOWN);
			assertThat(status("b2").reason()).containsIgnoringCase("no answer");
			List<Duration> times = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				times.add(time(() -> get(this.client.connect())));
			}
			// Leaves room for a machine that is busy.
			assertThat(times.stream().filter((time) -> time.toMillis() < 2000)).hasSizeGreaterThanOrEqualTo(10);
		}
	}

	@Test
	void boundsEachRequestInTime() {
		this.broker.hang("CreateStream");
		client(builder().requestTimeout(Duration.ofMillis(1500)));
		// The first connection must not use up the time.
		this.client.streams().list();
		assertThat(time(() -> assertThatExceptionOfType(RequestTimeoutException.class)
			.isThrownBy(() -> this.client.streams().create(StreamSpec.named("new")))
			.withMessageContaining("stream 'new'")
			.withMessageContaining("b1")
			.withMessageContaining("liftbridge.request-timeout")))
			.isBetween(Duration.ofMillis(1490), Duration.ofSeconds(5));
	}

	@Test
	void boundsRequestsInTimeAlsoBeforeTheFirstAnswer() {
		try (SilentServer silent = new SilentServer()) {
			client(builder().seeds(silent.address())
				.connectTimeout(Duration.ofSeconds(10))
				.requestTimeout(Duration.ofMillis(300)));
			assertThat(time(() -> assertThatExceptionOfType(LiftbridgeException.class)
				.isThrownBy(() -> this.client.streams().create(StreamSpec.named("new")))
				.withMessageContaining("127.0.0.1:" + silent.port()))).isLessThan(Duration.ofSeconds(8));
			assertThat(time(() -> assertThatExceptionOfType(LiftbridgeException.class)
				.isThrownBy(() -> this.client.streams().list())
				.withMessageContaining("127.0.0.1:" + silent.port()))).isLessThan(Duration.ofSeconds(8));
		}
	}

	@Test
	void sharesOneQuestionAmongThoseWhoAskAtOnce() {
		CountDownLatch release = new CountDownLatch(1);
		this.broker.on("FetchMetadata", (request, observer, usual) -> {
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			usual.run();
		});
		List<CompletableFuture<List<BrokerStatus>>> all = IntStream.range(0, 20)
			.mapToObj((i) -> this.client.connect())
			.toList();
		await().until(() -> this.broker.count("FetchMetadata") == 1);
		release.countDown();
		getAll(all);
		// The first, and one for those who came while it was on its way.
		assertThat(this.broker.count("FetchMetadata")).isEqualTo(2);
	}

	/** What was answered before somebody asked may be untrue by then. */
	@Test
	void doesNotAnswerWithWhatABrokerSaidBeforeTheQuestion() {
		this.client.streams().list();
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.<Object, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse now = this.cluster.metadata();
			held.add(() -> {
				observer.onNext(now);
				observer.onCompleted();
			});
		});
		CompletableFuture<List<BrokerStatus>> first = this.client.connect();
		await().until(() -> held.size() == 1);
		this.cluster.stream("new");
		CompletableFuture<List<StreamInfo>> later = CompletableFuture.supplyAsync(() -> this.client.streams().list());
		await().during(Duration.ofMillis(100)).until(() -> held.size() == 1);
		held.get(0).run();
		get(first);
		await().until(() -> held.size() == 2);
		held.get(1).run();
		assertThat(get(later)).extracting(StreamInfo::name).containsExactly("new", "orders");
	}

	@Test
	void tellsWhichBrokerIsDownAndSinceWhenAndWhy() {
		client(builder().connectionListener(this.listener));
		this.client.streams().list();
		this.broker.kill();
		await().until(() -> status("b1").state() == BrokerStatus.State.DOWN);
		assertThat(status("b1").reason()).isNotBlank().doesNotContain("\n");
		assertThat(status("b1")).asString().startsWith("DOWN since 20");
		this.broker.start();
		await().until(() -> status("b1").state() == BrokerStatus.State.UP);
		assertThat(status("b1").reason()).isNull();
		int port = this.broker.port();
		// Told after the state is known.
		await()
			.untilAsserted(() -> assertThat(this.events).containsExactly("up " + port, "down " + port, "up " + port));
	}

	/**
	 * Nobody needs the broker that came back: its state must become true all the same.
	 */
	@Test
	void noticesThatABrokerIsBackWhileOthersAnswer() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			partition.leader("b2");
			client(builder().seeds(two.seeds()));
			get(this.client.producer("orders").build().send(Message.of("k", "v")));
			two.broker(2).kill();
			partition.leader("b1");
			await().until(() -> status("b2").state() == BrokerStatus.State.DOWN);
			assertThat(get(this.client.connect())).isNotNull();
			two.broker(2).start();
			await().until(() -> status("b2").state() == BrokerStatus.State.UP);
			assertThat(status("b1").state()).isEqualTo(BrokerStatus.State.UP);
		}
	}

	/** Its connection stays open, and nobody asks it for anything. */
	@Test
	void noticesABrokerThatHangsAndThatItAnswersAgain() {
		CountDownLatch unusual = new CountDownLatch(1);
		client(builder().connectTimeout(Duration.ofSeconds(2)));
		get(this.client.connect());
		this.broker.on("FetchMetadata", (request, observer, usual) -> {
			if (unusual.getCount() == 0) {
				usual.run();
			}
		});
		await().atMost(Duration.ofSeconds(60)).until(() -> status("b1").state() == BrokerStatus.State.DOWN);
		assertThat(status("b1").reason()).isEqualTo("no answer within 2000 ms");
		unusual.countDown();
		await().atMost(Duration.ofSeconds(60)).until(() -> status("b1").state() == BrokerStatus.State.UP);
	}

	@Test
	void tellsNobodyThatBrokersAreDownWhenItIsClosed() {
		client(builder().connectionListener(this.listener));
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.of("k", "v")));
		this.client.subscribe("orders").handler((message) -> {
		}).start();
		this.client.close();
		await().during(Duration.ofMillis(100)).until(() -> true);
		assertThat(this.events).containsExactly("up " + this.broker.port());
	}

	@Test
	void leavesNoThreadBehind() {
		client(builder().clientId("traceless"));
		get(this.client.producer("orders").build().send(Message.of("k", "v")));
		CompletableFuture<Void> received = new CompletableFuture<>();
		this.client.subscribe("orders")
			.from(io.liftbridge.client.consumer.StartPosition.earliest())
			.handler((message) -> received.complete(null))
			.start();
		get(received);
		this.client.streams().list();
		assertThat(threads("traceless")).isNotEmpty();
		this.client.close();
		assertThat(this.client.isClosed()).isTrue();
		await().untilAsserted(() -> assertThat(threads("traceless")).isEmpty());
		this.client.close();
	}

	private static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().startsWith(prefix))
			.map(Thread::getName)
			.toList();
	}

	@Test
	void refusesEverythingOnceClosed() {
		this.client.close();
		assertThat(failure(this.client.connect())).isInstanceOf(ClientClosedException.class);
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> this.client.streams().list());
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> this.client.cursors().set("c", "orders", 0, 1));
		assertThat(failure(this.client.publishToSubject("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(ClientClosedException.class);
	}

	@Test
	void leavesNobodyWaitingWhenItIsClosed() {
		this.broker.hang("FetchMetadata");
		CompletableFuture<List<BrokerStatus>> waiting = this.client.connect();
		CompletableFuture<LiftbridgeException> request = CompletableFuture.supplyAsync(() -> {
			try {
				this.client.streams().list();
				return null;
			}
			catch (LiftbridgeException ex) {
				return ex;
			}
		});
		await().until(() -> this.broker.count("FetchMetadata") > 0);
		this.client.close();
		assertThat(failure(waiting)).isInstanceOf(LiftbridgeException.class);
		assertThat(get(request)).isInstanceOf(LiftbridgeException.class);
	}

	@Test
	void doesNotRepeatItselfWhenNobodyAnswers() {
		client(builder().seeds(SilentServer.deadAddress()).requestTimeout(Duration.ofSeconds(5)));
		assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> this.client.streams().list())
			.satisfies(
					(ex) -> assertThat(ex.getMessage().split("Connection refused", -1)).as(ex.getMessage()).hasSize(2));
	}

	@Test
	void saysThatItMayNotAsk() {
		this.broker.fail("FetchMetadata",
				Status.UNKNOWN.withDescription("The client is not authorized to call FetchMetadata on resource *"));
		assertThatExceptionOfType(NotAuthorizedException.class).isThrownBy(() -> this.client.streams().list())
			.withMessageContaining("policy");
	}

	@Test
	void refusesSettingsThatCannotWork() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().seeds("broker-2:92920"))
			.withMessageContaining("'broker-2:92920' is not a valid address: port must be between 1 and 65535");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().seeds());
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> builder().connectTimeout(Duration.ZERO))
			.withMessageContaining("connectTimeout");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> builder().requestTimeout(Duration.ofSeconds(-1)))
			.withMessageContaining("requestTimeout");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> builder().metadataRefreshInterval(Duration.ZERO));
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().connectTimeout(forever))
			.withMessageContaining("connectTimeout is 9223372036854775807 s")
			.withMessageContaining("at most 24 h");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().requestTimeout(forever))
			.withMessageContaining("requestTimeout is 9223372036854775807 s")
			.withMessageContaining("365 d");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> builder().metadataRefreshInterval(forever))
			.withMessageContaining("metadataRefreshInterval is 9223372036854775807 s");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().maxMessageBytes(0))
			.withMessageContaining("maxMessageBytes");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder().maxInboundBytes(0));
	}

	@Test
	void waitsAsLongAsItMay() {
		client(builder().connectTimeout(Duration.ofDays(1))
			.requestTimeout(Duration.ofDays(365))
			.metadataRefreshInterval(Duration.ofDays(365)));
		this.client.streams().create(StreamSpec.named("new"));
		Producer producer = this.client.producer("new")
			.ackTimeout(Duration.ofDays(365))
			.enqueueTimeout(Duration.ofDays(365))
			.build();
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThat(producer.sendAndWait(Message.of("k", "v"), forever).offset()).isZero();
		assertThat(producer.flush(forever)).isTrue();
		this.client.cursors();
		this.client.close(forever);
	}

	@Test
	void renewsItsPictureOfTheCluster() {
		client(builder().metadataRefreshInterval(Duration.ofMillis(100)));
		this.client.streams().list();
		int before = this.broker.count("FetchMetadata");
		await().until(() -> this.broker.count("FetchMetadata") > before + 1);
	}

}
