package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A server that sends what no server should. */
class HostileMessagesTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	@Test
	void whatComesOutOfOrderIsNotDelivered() {
		this.broker.onSubscribe((call) -> {
			call.live();
			for (long offset : new long[] { 5, 3, 5, 9, 9, 7, 10 }) {
				call.send(offset);
			}
		});
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.offset(4))
			.handler(this.collector)
			.start();
		await().until(() -> subscription.lastProcessed() == 10);
		assertThat(this.collector.offsets()).containsExactly(5L, 9L, 10L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void offsetsGrowWhateverTheServerSends(long seed) {
		Random random = new Random(seed);
		List<Long> sent = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			sent.add(random.nextInt(10) == 0 ? random.nextLong() : (long) i + random.nextInt(20) - 10);
		}
		this.broker.onSubscribe((call) -> {
			call.live();
			sent.forEach(call::send);
			call.end(Status.RESOURCE_EXHAUSTED.withDescription("End of readonly partition"));
		});
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.offset(3))
			.prefetch(1000)
			.handler(this.collector)
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.END_OF_PARTITION);
		assertThat(this.collector.offsets()).isSorted().doesNotHaveDuplicates().allMatch((offset) -> offset >= 3);
	}

	@Test
	void aMessageThatIsLargerThanTheLimitIsRefusedWithTheRemedy() {
		client(builder().maxInboundBytes(50_000));
		this.orders.append("v".repeat(60_000));
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler(this.collector)
			.start();
		assertThat(failure(subscription.ended())).isInstanceOf(MessageTooLargeException.class)
			.hasMessageContaining("'orders' partition 0")
			.hasMessageContaining("50000")
			.hasMessageContaining("liftbridge.max-inbound-size");
	}

	@Test
	void headersCountAgainstThePrefetchBytes() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger sent = new AtomicInteger();
		ByteString large = ByteString.copyFrom(new byte[100_000]);
		CompletableFuture<SubscriberCall> opened = new CompletableFuture<>();
		this.broker.onSubscribe((call) -> {
			call.live();
			opened.complete(call);
		});
		this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.prefetchBytes(1_000_000)
			.handler((message) -> release.await())
			.start();
		SubscriberCall call = get(opened);
		call.onReady(() -> {
			while (call.isReady() && sent.get() < 500) {
				call.send(Message.newBuilder()
					.setStream("orders")
					.setOffset(sent.getAndIncrement())
					.putHeaders("large", large)
					.build());
			}
		});
		AtomicInteger before = new AtomicInteger(-1);
		// Until nothing more goes out. About 84 fit into the window of the network.
		await().pollInterval(java.time.Duration.ofMillis(400)).until(() -> before.getAndSet(sent.get()) == sent.get());
		assertThat(sent.get()).isLessThan(10 + 110);
		release.countDown();
	}

}
