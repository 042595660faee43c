package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Where a subscription goes on, and where it ends, whatever happens in between. */
class SubscriptionPositionTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	private SubscriptionBuilder subscribe(StartPosition start) {
		return this.client.subscribe("orders").from(start).handler(this.collector);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	/** The first call says something else. */
	private CompletableFuture<SubscriberCall> first(Consumer<SubscriberCall> script) {
		CompletableFuture<SubscriberCall> opened = new CompletableFuture<>();
		AtomicBoolean first = new AtomicBoolean(true);
		this.broker.onSubscribe((call) -> {
			if (first.compareAndSet(true, false)) {
				script.accept(call);
				opened.complete(call);
			}
			else {
				call.serve();
			}
		});
		return opened;
	}

	/** The leader of a paused partition cannot be asked for its newest offset. */
	@Test
	void skipsNothingAfterTheLatestMessageOfAPartitionThatItResumes() {
		store(3);
		this.orders.paused(true);
		CompletableFuture<SubscriberCall> opened = first((call) -> {
			this.orders.paused(false);
			call.live();
		});
		Subscription subscription = subscribe(StartPosition.latest()).resumePaused(true).start();
		get(subscription.started());
		store(2);
		get(opened).end(Status.UNAVAILABLE);
		await().until(() -> this.collector.size() >= 3);
		assertThat(this.collector.offsets()).containsExactly(2L, 3L, 4L);
	}

	@Test
	void skipsNoNewMessageOfAPartitionThatItResumes() {
		store(3);
		this.orders.paused(true);
		CompletableFuture<SubscriberCall> opened = first((call) -> {
			this.orders.paused(false);
			call.live();
		});
		Subscription subscription = subscribe(StartPosition.newOnly()).resumePaused(true).start();
		get(subscription.started());
		store(2);
		get(opened).end(Status.UNAVAILABLE);
		await().until(() -> this.collector.size() >= 2);
		assertThat(this.collector.offsets()).containsExactly(3L, 4L);
	}

	@Test
	void staysWithTheStopOfAPartitionThatItResumes() {
		store(3);
		this.orders.paused(true);
		CompletableFuture<SubscriberCall> opened = first((call) -> {
			this.orders.paused(false);
			call.live();
			call.send(0);
		});
		Subscription subscription = subscribe(StartPosition.earliest()).until(StopPosition.latest())
			.resumePaused(true)
			.start();
		get(subscription.started());
		store(5);
		get(opened).end(Status.UNAVAILABLE);
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@Test
	void aTimeToComeMeansTheNewestMessageAtTheStart() {
		store(3);
		first((call) -> {
			call.live();
			call.send(0);
			store(5);
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = subscribe(StartPosition.earliest())
			.until(StopPosition.at(Instant.now().plus(Duration.ofDays(1))))
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@Test
	void endsIfRetentionRemovedEverythingUpToItsStop() {
		this.orders.beginAt(10);
		Subscription subscription = subscribe(StartPosition.offset(3)).until(StopPosition.offset(5)).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
	}

	/** A stream that was deleted and created anew while the connection was lost. */
	@Test
	void failsWhenTheStreamBeginsAgain() {
		store(5);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 5);
		this.broker.onSubscribe((call) -> {
			call.live();
			// The offset it asks for does not exist yet: the server begins with the next
			// message.
			for (int offset = 2; offset < 8; offset++) {
				call.send(Message.newBuilder()
					.setStream("orders")
					.setOffset(offset)
					.setValue(ByteString.copyFromUtf8("other"))
					.setTimestamp((100 + offset) * 1_000_000_000L)
					.build());
			}
		});
		this.broker.subscriberCalls().get(0).end(Status.UNAVAILABLE);
		assertThat(failure(subscription.ended())).isExactlyInstanceOf(LiftbridgeException.class)
			.isNotInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("stream 'orders' partition 0 begins again")
			.hasMessageContaining("after offset 4 the server delivered 2");
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L);
		await().until(() -> this.broker.subscriberCalls().get(1).isEnded());
	}

	/** Such a broker may feed its subscribers for ever with nothing. */
	@Test
	void leavesABrokerThatLeadsNoMoreButKeepsTheCallOpen() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			partition.append("a");
			client(builder().seeds(two.seeds()).metadataRefreshInterval(Duration.ofMillis(200)));
			two.broker(1).onSubscribe((call) -> {
				call.live();
				call.send(0, "a");
			});
			Subscription subscription = subscribe(StartPosition.earliest()).start();
			await().until(() -> this.collector.size() == 1);
			partition.leader("b2");
			partition.append("b");
			await().atMost(LONG).until(() -> this.collector.size() == 2);
			assertThat(this.collector.values()).containsExactly("a", "b");
			await().until(() -> two.broker(1).subscriberCalls().get(0).isEnded());
			assertThat(two.broker(2).subscriberCalls()).hasSize(1);
			assertThat(subscription.ended()).isNotDone();
		}
	}

	@Test
	void staysWithItsLeaderWhileNobodyIsNamed() {
		client(builder().metadataRefreshInterval(Duration.ofMillis(100)));
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		get(subscription.started());
		this.orders.leader("");
		int asked = this.broker.count("FetchMetadata");
		await().until(() -> this.broker.count("FetchMetadata") > asked + 2);
		store(1);
		await().until(() -> this.collector.size() == 1);
		assertThat(this.broker.subscriberCalls()).hasSize(1);
		assertThat(subscription.isLive()).isTrue();
	}

}
