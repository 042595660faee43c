package io.liftbridge.benchmarks;

import java.util.Random;

/**
 * Values to publish, made before anything is measured and used in turn.
 */
final class Values {

	/** More than share an entry, so that a codec finds none of them twice. */
	private static final int DIFFERENT = 1 << 14;

	private final byte[][] values;

	private Values(byte[][] values) {
		this.values = values;
	}

	static Values of(Options options) {
		if (!options.json()) {
			return new Values(new byte[][] { new byte[options.size()] });
		}
		Random random = new Random(1);
		byte[][] values = new byte[DIFFERENT][];
		for (int i = 0; i < DIFFERENT; i++) {
			values[i] = JsonRecords.next(random, options.size());
		}
		return new Values(values);
	}

	/** The i-th value; there must be a power of two of them. */
	byte[] get(int i) {
		return this.values[i & (this.values.length - 1)];
	}

}
