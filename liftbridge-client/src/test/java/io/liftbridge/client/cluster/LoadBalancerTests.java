package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.fake.FakeBroker;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeLoadBalancer;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests for clients that see brokers through a load balancer only. */
class LoadBalancerTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final FakeCluster cluster = new FakeCluster(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	private static LiftbridgeClient client(FakeLoadBalancer balancer, int retries) {
		return LiftbridgeClient.builder()
			.seeds(balancer.address())
			.requestTimeout(LONG)
			.loadBalancer(true, retries)
			.build();
	}

	@Test
	void callsAndSubscriptionsFindTheirLeadersThroughIt() throws Exception {
		this.cluster.stream("orders").leader("b2");
		this.cluster.stream("bills").leader("b3");
		this.cluster.stream("__cursors").leader("b1");
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(this.cluster.broker(1), this.cluster.broker(2),
				this.cluster.broker(3)); LiftbridgeClient client = client(balancer, 20)) {
			List<String> received = new CopyOnWriteArrayList<>();
			for (String stream : List.of("orders", "bills")) {
				Subscription subscription = client.subscribe(stream)
					.from(StartPosition.earliest())
					.handler((message) -> received.add(message.text()))
					.start();
				assertThat(subscription.started()).succeedsWithin(LONG);
				try (Producer producer = client.producer(stream).build()) {
					producer.sendAndWait(Message.of("k", stream), LONG);
				}
				assertThat(client.streams().describePartition(stream, 0).newestOffset()).isZero();
			}
			client.cursors().set("reader", "orders", 0, 7);
			assertThat(client.cursors().get("reader", "orders", 0)).isEqualTo(7);
			await().atMost(LONG).untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder("orders", "bills"));

			int before = balancer.connections();
			for (int i = 0; i < 20; i++) {
				client.streams().describePartition("orders", 0);
				client.streams().describePartition("bills", 0);
			}
			assertThat(balancer.connections()).as("a connection that leads to the leader is kept").isEqualTo(before);
		}
	}

	@Test
	void aLeaderThatItNeverLeadsToIsGivenUp() throws Exception {
		this.cluster.stream("orders").leader("b3");
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(this.cluster.broker(1), this.cluster.broker(2));
				LiftbridgeClient client = client(balancer, 4)) {
			assertThatExceptionOfType(BrokerUnavailableException.class)
				.isThrownBy(() -> client.streams().describePartition("orders", 0))
				.withMessageContaining("leader of stream 'orders' partition 0")
				.withMessageContaining("none of 5 connections through the load balancer")
				.withMessageContaining(balancer.address())
				.withMessageContaining("liftbridge.load-balancer.max-retries");
			Subscription subscription = client.subscribe("orders").handler((message) -> {
			}).start();
			assertThat(subscription.ended()).failsWithin(LONG)
				.withThrowableThat()
				.withMessageContaining("none of 5 connections through the load balancer");
		}
	}

	@Test
	void leadersAreFoundThroughTheLoadBalancerThatIsLeft() throws Exception {
		List<String> streams = List.of("orders", "bills", "jobs");
		for (int i = 0; i < streams.size(); i++) {
			this.cluster.stream(streams.get(i)).leader("b" + (i + 1));
		}
		FakeLoadBalancer first = new FakeLoadBalancer(this.cluster.broker(1), this.cluster.broker(2),
				this.cluster.broker(3));
		try (FakeLoadBalancer second = new FakeLoadBalancer(this.cluster.broker(1), this.cluster.broker(2),
				this.cluster.broker(3));
				LiftbridgeClient client = LiftbridgeClient.builder()
					.seeds(first.address(), second.address())
					.requestTimeout(LONG)
					.loadBalancer(true, 20)
					.build()) {
			for (String stream : streams) {
				client.streams().describePartition(stream, 0);
			}
			first.close();
			for (String stream : streams) {
				client.streams().describePartition(stream, 0);
			}
		}
		finally {
			first.close();
		}
	}

	@Test
	void advertisedAddressesAreNotUsed() throws Exception {
		this.cluster.stream("orders").leader("b1");
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(this.cluster.broker(1));
				LiftbridgeClient client = client(balancer, 4)) {
			client.streams().describePartition("orders", 0);
			assertThat(client.brokers()).extracting((broker) -> broker.address().toString())
				.containsOnly(balancer.address());
		}
	}

	@Test
	void needsAtLeastOneRetry() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> LiftbridgeClient.builder().loadBalancer(true, 0))
			.withMessageContaining("loadBalancer.maxRetries is 0");
	}

	/** A pause makes it no likelier that the next connection leads to the leader. */
	@Test
	void looksForALeaderThatManyConnectionsMissWithoutPausesThatGrow() throws Exception {
		this.cluster.stream("orders").leader("b2");
		FakeBroker[] route = new FakeBroker[16];
		Arrays.fill(route, this.cluster.broker(1));
		route[15] = this.cluster.broker(2);
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(route);
				LiftbridgeClient client = LiftbridgeClient.builder()
					.seeds(balancer.address())
					.requestTimeout(Duration.ofSeconds(60))
					.retryPolicy(new RetryPolicy(Duration.ofMillis(10), 10, Duration.ofSeconds(30), 0))
					.loadBalancer(true, 20)
					.build()) {
			assertThat(client.streams().describePartition("orders", 0).newestOffset()).isEqualTo(-1);
			assertThat(balancer.connections()).isEqualTo(16);
		}
	}

	/** It says something about its own connection only. */
	@Test
	void aLateAnswerOfTheWrongBrokerLeavesTheRightConnectionAlone() throws Exception {
		FakeBroker wrong = this.cluster.broker(1);
		this.cluster.stream("orders").leader("b2");
		CompletableFuture<Runnable> held = new CompletableFuture<>();
		wrong.on("FetchPartitionMetadata", (request, observer, usual) -> {
			if (!held.complete(usual)) {
				usual.run();
			}
		});
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(wrong, wrong, this.cluster.broker(2));
				LiftbridgeClient client = client(balancer, 20)) {
			CompletableFuture<?> late = CompletableFuture
				.supplyAsync(() -> client.streams().describePartition("orders", 0));
			Runnable answer = held.get(LONG.toSeconds(), TimeUnit.SECONDS);
			client.streams().describePartition("orders", 0);
			assertThat(balancer.connections()).isEqualTo(3);
			answer.run();
			assertThat(late).succeedsWithin(LONG);
			assertThat(balancer.connections()).isEqualTo(3);
		}
	}

	/** The connection that saw it go is not the one that finds it again. */
	@Test
	void waitsUntilABrokerThatIsBackKnowsItsStreams() throws Exception {
		FakeBroker leader = this.cluster.broker(2);
		this.cluster.stream("orders").leader("b2");
		try (FakeLoadBalancer balancer = new FakeLoadBalancer(this.cluster.broker(1), leader);
				LiftbridgeClient client = client(balancer, 20)) {
			client.streams().describePartition("orders", 0);
			leader.kill();
			AtomicInteger unknown = new AtomicInteger(3);
			leader.on("FetchPartitionMetadata", (request, observer, usual) -> {
				if (unknown.getAndDecrement() > 0) {
					observer.onError(Status.NOT_FOUND.withDescription("partition not found").asRuntimeException());
				}
				else {
					usual.run();
				}
			});
			leader.start();
			assertThat(client.streams().describePartition("orders", 0).newestOffset()).isEqualTo(-1);
			assertThat(unknown).hasNegativeValue();
		}
	}

}
