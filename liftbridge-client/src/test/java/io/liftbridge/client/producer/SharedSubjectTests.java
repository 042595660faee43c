package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several streams on one subject: all of them answer, or, in a load-balance group, one.
 */
class SharedSubjectTests extends FakeClusterTest {

	private void ownLeaderIsAway() {
		this.broker.fail("FetchPartitionMetadata",
				Status.FAILED_PRECONDITION.withDescription("The request should be sent to partition leader"));
	}

	@Test
	void anotherStreamsWordDoesNotCountWhileTheOwnLeaderIsAway() {
		ownLeaderIsAway();
		this.broker.onPublish((request, call) -> call.ack(request, 555, "other"));
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofSeconds(3)).build();
		LiftbridgeException failure = failure(producer.send(Message.of("k", "v")));
		assertThat(failure).isInstanceOf(AckTimeoutException.class).hasMessageContaining("only stream 'other'");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
	}

	@Test
	void aMessageThatTheOwnStreamMissedIsSentAgain() {
		ownLeaderIsAway();
		this.broker.onPublish((request, call) -> {
			if (call.received().size() == 1) {
				call.ack(request, 555, "other");
			}
			else {
				call.store(request);
			}
		});
		Ack ack = get(this.client.producer("orders").build().send(Message.of("k", "v")));
		assertThat(ack.stream()).isEqualTo("orders");
		assertThat(this.orders.values()).containsExactly("v");
	}

	/** The own leader has it, and waits for its replicas. */
	@Test
	void anotherStreamsWordDoesNotCountWhileTheOwnOneStillReplicates() {
		this.broker.<Object, FetchPartitionMetadataResponse>on("FetchPartitionMetadata", (request, observer, usual) -> {
			observer.onNext(FetchPartitionMetadataResponse.newBuilder()
				.setMetadata(PartitionMetadata.newBuilder().setNewestOffset(5).setHighWatermark(4))
				.build());
			observer.onCompleted();
		});
		List<Runnable> own = new CopyOnWriteArrayList<>();
		this.broker.onPublish((request, call) -> {
			call.ack(request, 555, "other");
			own.add(() -> call.ack(request, 5));
		});
		CompletableFuture<Ack> sent = this.client.producer("orders")
			.ackPolicy(AckPolicy.ALL)
			.build()
			.send(Message.of("k", "v"));
		await().until(() -> this.broker.count("FetchPartitionMetadata") >= 3);
		assertThat(sent).isNotDone();
		own.get(0).run();
		assertThat(get(sent).stream()).isEqualTo("orders");
		assertThat(get(sent).offset()).isEqualTo(5);
	}

}
