package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeBroker;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What is repeated, and what is said of the outcome when that does not help. */
class RequestTests extends FakeClusterTest {

	@Test
	void repeatsWhatIsSafeToRepeat() {
		CountDownLatch failures = new CountDownLatch(2);
		this.broker.on("PauseStream", (request, observer, usual) -> {
			if (failures.getCount() > 0) {
				failures.countDown();
				observer.onError(Status.UNAVAILABLE.withDescription("socket closed").asRuntimeException());
			}
			else {
				usual.run();
			}
		});
		this.client.streams().pause("orders", false);
		assertThat(this.broker.count("PauseStream")).isEqualTo(3);
	}

	@Test
	void waitsOutAnElection() {
		CountDownLatch failures = new CountDownLatch(2);
		this.broker.on("CreateStream", (request, observer, usual) -> {
			if (failures.getCount() > 0) {
				failures.countDown();
				observer.onError(Status.INTERNAL.withDescription("no known metadata leader").asRuntimeException());
			}
			else {
				usual.run();
			}
		});
		this.client.streams().create(StreamSpec.named("new"));
		assertThat(this.client.streams().exists("new")).isTrue();
	}

	@Test
	void saysThatARequestMayHaveBeenCarriedOutOnceItWasWritten() {
		client(builder().requestTimeout(Duration.ofMillis(1500)));
		this.client.streams().list();
		for (String method : new String[] { "CreateStream", "PauseStream", "SetStreamReadonly", "DeleteStream" }) {
			this.broker.fail(method, Status.UNAVAILABLE.withDescription("socket closed"));
		}
		StreamAdmin streams = this.client.streams();
		for (Runnable request : List.<Runnable>of(() -> streams.create(StreamSpec.named("new")),
				() -> streams.pause("orders", false), () -> streams.setReadonly("orders", true),
				() -> streams.delete("orders"))) {
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(request::run)
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(LiftbridgeException.Outcome.INDETERMINATE));
		}
		// Up again, so that what makes it down is the end of the connection.
		streams.list();
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> streams.pause("orders", false))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(LiftbridgeException.Outcome.NOT_SENT));
	}

	@Test
	void remembersThatAnEarlierAttemptWasNotAnswered() {
		client(builder().requestTimeout(Duration.ofMillis(1500)));
		this.client.streams().list();
		this.broker.on("PauseStream",
				(request, observer,
						usual) -> observer.onError(((this.broker.count("PauseStream") == 1)
								? Status.UNAVAILABLE.withDescription("socket closed")
								: Status.INTERNAL.withDescription("no known metadata leader"))
							.asRuntimeException()));
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> this.client.streams().pause("orders", false))
			.withMessageContaining("no known metadata leader")
			.withMessageContaining("may have been carried out")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(LiftbridgeException.Outcome.INDETERMINATE));
	}

	@Test
	void saysThatARequestMayHaveBeenCarriedOutWhenItIsClosedMeanwhile() {
		this.client.streams().list();
		this.broker.hang("PauseStream");
		CompletableFuture<Void> request = CompletableFuture
			.runAsync(() -> this.client.streams().pause("orders", false));
		await().until(() -> this.broker.count("PauseStream") == 1);
		this.client.close();
		LiftbridgeException failure = failure(request);
		assertThat(failure).isInstanceOf(ClientClosedException.class)
			.hasMessageContaining("pause stream: stream 'orders'")
			.hasMessageContaining("may have been carried out");
		assertThat(failure.outcome()).isEqualTo(LiftbridgeException.Outcome.INDETERMINATE);
	}

	@Test
	void doesNotPublishToASubjectTwice() {
		this.broker.fail("PublishToSubject", Status.UNAVAILABLE.withDescription("socket closed"));
		LiftbridgeException failure = failure(this.client.publishToSubject("a.b", Message.of("k", "v"), LONG));
		assertThat(failure).isInstanceOf(BrokerUnavailableException.class).hasMessageContaining("'a.b'");
		assertThat(failure.outcome()).isEqualTo(LiftbridgeException.Outcome.INDETERMINATE);
		assertThat(this.broker.count("PublishToSubject")).isOne();
	}

	/** A broker that is just back does not know all its streams yet. */
	@Test
	void doesNotTakeAStreamForDeletedThatABrokerDoesNotKnowYet() {
		this.client.streams().list();
		this.broker.hang("DeleteStream");
		CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> this.client.streams().delete("orders"));
		await().atMost(LONG).until(() -> this.broker.count("DeleteStream") == 1);
		this.broker.on("DeleteStream", (request, observer, usual) -> {
			if (this.broker.count("DeleteStream") == 2) {
				observer.onError(Status.NOT_FOUND.withDescription("stream does not exist").asRuntimeException());
			}
			else {
				usual.run();
			}
		});
		this.broker.kill();
		this.broker.start();
		get(deletion);
		assertThat(this.cluster.metadata().getStreamMetadataList()).isEmpty();
	}

	/** Others may have forgotten it meanwhile. */
	@Test
	void waitsForTheStreamsOfABrokerThatComesBackToTheCluster() {
		try (FakeCluster two = new FakeCluster(2)) {
			two.stream("orders").leader("b2");
			FakeBroker away = two.broker(2);
			client(builder().seeds(two.broker(1).address()));
			get(this.client.connect());
			away.kill();
			two.forget(2);
			get(this.client.connect());
			away.on("FetchPartitionMetadata", (request, observer, usual) -> {
				if (away.count("FetchPartitionMetadata") < 3) {
					observer.onError(Status.NOT_FOUND.withDescription("partition not found").asRuntimeException());
				}
				else {
					usual.run();
				}
			});
			away.start();
			two.remember(2);
			get(this.client.connect());
			assertThat(this.client.streams().describePartition("orders", 0).leader()).isEqualTo("b2");
		}
	}

	/** The stream may have been deleted, or have other partitions. */
	@Test
	void asksForMetadataAgainIfSomethingIsNotFound() {
		get(this.client.connect());
		this.broker.on("FetchPartitionMetadata", (request, observer, usual) -> observer
			.onError(Status.NOT_FOUND.withDescription("partition not found").asRuntimeException()));
		int before = this.broker.count("FetchMetadata");
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.client.streams().describePartition("orders", 0));
		await().atMost(LONG).until(() -> this.broker.count("FetchMetadata") > before);
	}

}
