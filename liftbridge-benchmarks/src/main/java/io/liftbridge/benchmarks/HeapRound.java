package io.liftbridge.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;

/**
 * Publishes messages and reads them at the same time, and looks ten times at what is left
 * in the heap after a collection.
 */
final class HeapRound {

	private static final int LOOKS = 10;

	private final Options options;

	private final LiftbridgeClient client;

	HeapRound(Options options, LiftbridgeClient client) {
		this.options = options;
		this.client = client;
	}

	Sample run() throws Exception {
		String stream = this.options.stream();
		this.client.streams().createIfAbsent(StreamSpec.named(stream));
		CompletableFuture<Boolean> read = new CompletableFuture<>();
		int[] got = new int[1];
		try (Producer producer = this.client.producer(stream)
			.maxInFlight(this.options.window())
			.ackTimeout(Rounds.TIMEOUT)
			.enqueueTimeout(Rounds.TIMEOUT)
			.build();
				Subscription subscription = this.client.subscribe(stream)
					.from(StartPosition.earliest())
					.prefetch(this.options.window())
					.handler((message) -> {
						if (++got[0] == this.options.n()) {
							read.complete(true);
						}
					})
					.start()) {
			subscription.ended().exceptionally((failure) -> {
				read.completeExceptionally(failure);
				return null;
			});
			Sample sample = publish(producer);
			read.get();
			return sample;
		}
	}

	private Sample publish(Producer producer) throws Exception {
		byte[] value = new byte[this.options.size()];
		int n = this.options.n();
		int step = Math.max(1, n / LOOKS);
		double[] used = new double[LOOKS];
		Rounds.Countdown open = new Rounds.Countdown(n);
		Meter meter = new Meter();
		for (int i = 0; i < n; i++) {
			producer.send(Message.of(value)).whenComplete(open);
			if ((i + 1) % step == 0 && i / step < LOOKS) {
				// In the midst of it, with as much on its way as there may be.
				System.gc();
				used[i / step] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
						/ (double) (1 << 20);
			}
		}
		open.await();
		Sample sample = meter.stop(n).with("maxHeapMiB", Runtime.getRuntime().maxMemory() / (double) (1 << 20));
		for (int i = 0; i < LOOKS; i++) {
			sample = sample.with("usedMiB" + (i + 1), used[i]);
		}
		return sample;
	}

}
