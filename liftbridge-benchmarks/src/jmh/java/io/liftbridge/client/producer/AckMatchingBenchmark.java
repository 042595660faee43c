package io.liftbridge.client.producer;

import java.util.concurrent.TimeUnit;

import io.liftbridge.client.message.Message;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An acknowledgement finds its message among 10,000 by the number that it brings.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class AckMatchingBenchmark {

	private static final int WINDOW = 10_000;

	private final Window window = new Window();

	private final Pending pending = new Pending(Message.of(new byte[256]), PublishRequest.newBuilder(), 256, true,
			false, 1);

	private long next;

	public AckMatchingBenchmark() {
		for (int i = 0; i < WINDOW; i++) {
			this.window.add(this.pending);
		}
	}

	/** A message comes and the oldest one goes, with what the network has of it. */
	@Benchmark
	public Object match() {
		this.window.add(this.pending);
		PublishResponse response = PublishResponse.newBuilder()
			.setAck(Ack.newBuilder().setCorrelationId(Long.toString(this.next++)))
			.build();
		long sequence = Answers.sequence(response);
		Pending found = this.window.get(sequence);
		this.window.remove(sequence);
		return found;
	}

	/** The same without what gRPC would have done. */
	@Benchmark
	public Object ring() {
		this.window.add(this.pending);
		Pending found = this.window.get(this.next);
		this.window.remove(this.next++);
		return found;
	}

}
