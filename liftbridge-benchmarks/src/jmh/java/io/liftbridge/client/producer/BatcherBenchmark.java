package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Batcher.Patience;
import io.liftbridge.proto.PublishRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages are collected, handed over as a batch, and answered; the figures are for one
 * message.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class BatcherBenchmark {

	private static final int MESSAGES = 1000;

	private static final Message MESSAGE = Message.of(new byte[256]);

	private static final PublishRequest.Builder REQUEST = PublishRequest.newBuilder();

	private final List<Pending> handed = new ArrayList<>();

	private final Batchers batchers;

	public BatcherBenchmark() {
		AtomicReference<ProducerOptions> options = new AtomicReference<>();
		new ProducerBuilder("stream", (built) -> {
			options.set(built);
			return null;
		}).batch(BatchSize.fixed(MESSAGES)).build();
		this.batchers = new Batchers(null, options.get(), new InFlightGate(MESSAGES, Long.MAX_VALUE), Runnable::run,
				Packer::plain, this.handed::add, (resolved) -> {
				}, () -> {
				}, Meter.guarded(ProducerMetrics.NONE, "stream", "producer", () -> 0));
	}

	@Benchmark
	@OperationsPerInvocation(MESSAGES)
	public int appendAndDrain() throws InterruptedException {
		for (int i = 0; i < MESSAGES; i++) {
			Pending pending = new Pending(MESSAGE, REQUEST, 256, true, false, 1);
			pending.partition(0);
			this.batchers.append(pending, Patience.WAIT, Long.MAX_VALUE);
		}
		Batchers.decided(this.handed);
		int size = this.handed.size();
		this.handed.clear();
		return size;
	}

}
