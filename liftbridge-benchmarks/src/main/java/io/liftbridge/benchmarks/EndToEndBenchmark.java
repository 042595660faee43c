package io.liftbridge.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.jspecify.annotations.Nullable;

/**
 * Publishes or reads messages and prints one line of JSON. Without {@code --seeds} it
 * starts a broker: a real server where an executable is found, else the embedded one.
 */
public final class EndToEndBenchmark {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final Options options;

	private final LiftbridgeClient client;

	private EndToEndBenchmark(Options options, LiftbridgeClient client) {
		this.options = options;
		this.client = client;
	}

	/**
	 * Runs the benchmark.
	 * @param args the options
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		try {
			Options options = Options.parse(args);
			if (options.peer() != null) {
				try (Broker broker = Broker.of(options.seeds())) {
					new Comparison(options, new Peer(options.peer()), broker.seeds()).run(options.pairs(), out);
				}
			}
			else {
				out.println(run(options).json());
			}
		}
		catch (IllegalArgumentException ex) {
			System.err.append(String.valueOf(ex.getMessage())).append('\n');
			System.exit(2);
		}
	}

	static Result run(Options options) throws Exception {
		try (Broker broker = Broker.of(options.seeds());
				LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.seeds()).build()) {
			return new EndToEndBenchmark(options, client).run();
		}
	}

	private Result run() throws Exception {
		Result result = null;
		for (int round = 1; round <= this.options.rounds(); round++) {
			result = (this.options.mode() == Options.Mode.CONSUME) ? consume() : publish(round);
		}
		if (result == null) {
			throw new IllegalStateException("no round");
		}
		return result;
	}

	private Result publish(int round) throws Exception {
		String stream = (this.options.rounds() == 1) ? this.options.stream() : this.options.stream() + "-" + round;
		this.client.streams().createIfAbsent(StreamSpec.named(stream));
		boolean latency = this.options.mode() == Options.Mode.LATENCY;
		try (Producer producer = this.client.producer(stream)
			.maxInFlight(latency ? 1 : this.options.window())
			.ackTimeout(TIMEOUT)
			.enqueueTimeout(TIMEOUT)
			.build()) {
			producer.sendAndWait(Message.of(new byte[1]), TIMEOUT);
			return latency ? oneByOne(producer) : pipelined(producer);
		}
	}

	private Result pipelined(Producer producer) throws Exception {
		byte[] value = new byte[this.options.size()];
		AtomicLong errors = new AtomicLong();
		AtomicLong outstanding = new AtomicLong(this.options.n());
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		Meter meter = new Meter();
		for (int i = 0; i < this.options.n(); i++) {
			producer.send(Message.of(value)).whenComplete((ack, failure) -> {
				if (failure != null) {
					errors.incrementAndGet();
				}
				if (outstanding.decrementAndGet() == 0) {
					done.complete(true);
				}
			});
		}
		done.get();
		return meter.result(this.options, errors.get(), null);
	}

	private Result oneByOne(Producer producer) {
		byte[] value = new byte[this.options.size()];
		double[] micros = new double[this.options.n()];
		Meter meter = new Meter();
		for (int i = 0; i < this.options.n(); i++) {
			long start = System.nanoTime();
			producer.sendAndWait(Message.of(value), TIMEOUT);
			micros[i] = (System.nanoTime() - start) / 1e3;
		}
		return meter.result(this.options, 0, micros);
	}

	private Result consume() throws Exception {
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		int[] got = new int[1];
		Meter meter = new Meter();
		try (Subscription subscription = this.client.subscribe(this.options.stream())
			.from(StartPosition.earliest())
			.prefetch(this.options.window())
			.handler((message) -> {
				if (++got[0] == this.options.n()) {
					done.complete(true);
				}
			})
			.start()) {
			subscription.ended().exceptionally((failure) -> {
				done.completeExceptionally(failure);
				return null;
			});
			done.get();
			return meter.result(this.options, 0, null);
		}
	}

	/** Time, processor time and allocation of this process since its creation. */
	private static final class Meter {

		private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
			.getOperatingSystemMXBean();

		private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

		private final long cpu = SYSTEM.getProcessCpuTime();

		private final long allocated = allocated();

		private final long start = System.nanoTime();

		private static long allocated() {
			long sum = 0;
			for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
				sum += Math.max(0, bytes);
			}
			return sum;
		}

		Result result(Options options, long errors, double @Nullable [] micros) {
			double seconds = (System.nanoTime() - this.start) / 1e9;
			double cpuSeconds = (SYSTEM.getProcessCpuTime() - this.cpu) / 1e9;
			return new Result(options, errors, seconds, cpuSeconds, allocated() - this.allocated, micros);
		}

	}

}
