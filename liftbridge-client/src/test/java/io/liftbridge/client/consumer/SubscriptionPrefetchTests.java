package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SubscriptionPrefetchTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	@Test
	void isNotDisturbedByTheSlowHandlerOfAnother() {
		FakePartition other = this.cluster.stream("other");
		String large = "v".repeat(100_000);
		// More than what fits into the connection's window.
		for (int i = 0; i < 120; i++) {
			other.append(large);
		}
		CountDownLatch release = new CountDownLatch(1);
		Subscription slow = this.client.subscribe("other")
			.from(StartPosition.earliest())
			.prefetch(2)
			.handler((message) -> release.await())
			.start();
		get(slow.started());
		for (int i = 0; i < 1000; i++) {
			this.orders.append("m" + i);
		}
		Subscription quick = this.client.subscribe("orders")
			.handler(this.collector)
			.from(StartPosition.earliest())
			.start();
		await().until(() -> this.collector.size() == 1000);
		assertThat(slow.isLive()).isTrue();
		release.countDown();
		await().until(() -> slow.lastDelivered() == 119);
		quick.close();
	}

	@Test
	void keepsNoMoreThanThePrefetchInMemory() {
		CountDownLatch release = new CountDownLatch(1);
		assertThat(sentBeforeConsumption(4, 1L << 40, release)).isLessThan(4 + 110);
		release.countDown();
	}

	@Test
	void keepsNoMoreThanThePrefetchBytesInMemory() {
		CountDownLatch release = new CountDownLatch(1);
		assertThat(sentBeforeConsumption(1000, 1_000_000, release)).isLessThan(10 + 110);
		release.countDown();
	}

	/**
	 * How many messages of 100,000 bytes the server can send while the handler is stuck
	 * in the first one. About 84 fit into the window of the network.
	 */
	private int sentBeforeConsumption(int prefetch, long prefetchBytes, CountDownLatch release) {
		ByteString value = ByteString.copyFrom(new byte[100_000]);
		AtomicInteger sent = new AtomicInteger();
		CompletableFuture<SubscriberCall> opened = new CompletableFuture<>();
		this.broker.onSubscribe((call) -> {
			call.live();
			opened.complete(call);
		});
		this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.prefetch(prefetch)
			.prefetchBytes(prefetchBytes)
			.handler((message) -> release.await())
			.start();
		SubscriberCall call = get(opened);
		call.onReady(() -> {
			while (call.isReady() && sent.get() < 500) {
				call.send(Message.newBuilder()
					.setStream("orders")
					.setOffset(sent.getAndIncrement())
					.setValue(value)
					.build());
			}
		});
		AtomicInteger before = new AtomicInteger(-1);
		// Until nothing more goes out.
		await().pollInterval(Duration.ofMillis(400)).until(() -> before.getAndSet(sent.get()) == sent.get());
		return sent.get();
	}

}
