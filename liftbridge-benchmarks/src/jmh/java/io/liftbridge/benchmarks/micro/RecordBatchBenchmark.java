package io.liftbridge.benchmarks.micro;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.entry.RecordBatchDecoder;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * A batch entry of records of 256 bytes, put together and taken apart; the figures are
 * for one record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBatchBenchmark {

	private static final int RECORDS = 1000;

	private static final Message MESSAGE = Message.of("key-17", new byte[256]);

	private final RecordBatchEncoder encoder = new RecordBatchEncoder(1 << 19);

	private final byte[] batch = filled(this.encoder).toByteArray();

	private final ReceivedMessage<byte[]> entry = ReceivedMessage.of("stream", 0, 0, 0, null, this.batch,
			Headers.empty(), "stream");

	private static RecordBatchEncoder filled(RecordBatchEncoder encoder) {
		encoder.clear();
		for (int i = 0; i < RECORDS; i++) {
			encoder.add(MESSAGE, 1);
		}
		return encoder;
	}

	/** Into an array that is there already. */
	@Benchmark
	@OperationsPerInvocation(RECORDS)
	public int encode() {
		return filled(this.encoder).size();
	}

	/** With the check of the whole batch. */
	@Benchmark
	@OperationsPerInvocation(RECORDS)
	public void decode(Blackhole hole) {
		RecordBatchDecoder decoder = new RecordBatchDecoder(this.batch, RECORDS);
		while (decoder.hasNext()) {
			hole.consume(decoder.next(this.entry, Headers.empty()));
		}
	}

	/** What the values alone cost. */
	@Benchmark
	@OperationsPerInvocation(RECORDS)
	public void copyOnly(Blackhole hole) {
		for (int i = 0; i < RECORDS; i++) {
			hole.consume(Arrays.copyOfRange(this.batch, i * 256, i * 256 + 256));
		}
	}

}
