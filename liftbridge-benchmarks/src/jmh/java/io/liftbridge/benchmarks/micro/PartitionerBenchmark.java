package io.liftbridge.benchmarks.micro;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Partitioner;
import io.liftbridge.client.producer.Partitioners;
import io.liftbridge.client.producer.Unroutable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The choice of one message's partition among twelve.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PartitionerBenchmark {

	private final Message message = Message.of("customer-4711-order-17", new byte[256]);

	/** Which one. */
	@Param({ "keyHash", "murmur3", "roundRobin", "sticky", "routing" })
	public String kind = "";

	private Partitioner partitioner = Partitioners.explicit();

	@Setup
	public void prepare() {
		this.partitioner = switch (this.kind) {
			case "keyHash" -> Partitioners.keyHash();
			case "murmur3" -> Partitioners.murmur3();
			case "roundRobin" -> Partitioners.roundRobin();
			case "sticky" -> Partitioners.sticky(100);
			default -> Partitioners.routing(Map.of("customer-4711-order-17", 3), Unroutable.FAIL);
		};
	}

	@Benchmark
	public int partition() {
		return this.partitioner.partition(this.message, 12);
	}

}
