package io.liftbridge.benchmarks.micro;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.liftbridge.benchmarks.JsonRecords;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The codecs on a batch of 1000 JSON-like records of 256 bytes; the figures are for one
 * record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CompressionBenchmark {

	private static final int RECORDS = 1000;

	/** Name and level of the codec. */
	@Param({ "zstd:3", "zstd:1", "zstd:-1", "lz4:0", "zlib:6", "gzip:6" })
	public String codec = "";

	private Compression compression = Compression.NONE;

	private byte[] plain = {};

	private byte[] compressed = {};

	@Setup
	public void prepare() {
		Random random = new Random(1);
		ByteArrayOutputStream batch = new ByteArrayOutputStream();
		for (int i = 0; i < RECORDS; i++) {
			batch.writeBytes(JsonRecords.next(random, 256));
		}
		this.plain = batch.toByteArray();
		String[] parts = this.codec.split(":");
		this.compression = Compression.named(parts[0]).level(Integer.parseInt(parts[1]));
		this.compressed = compress();
	}

	@Benchmark
	@OperationsPerInvocation(RECORDS)
	public byte[] compress() {
		return Codecs.STANDARD.compress(this.compression, this.plain, 0, this.plain.length);
	}

	@Benchmark
	@OperationsPerInvocation(RECORDS)
	public byte[] decompress() {
		return Codecs.STANDARD.decompress(this.compression.encoding(), this.compressed, 64 << 20);
	}

}
