package io.liftbridge.client.producer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * MurmurHash3, the variant of 32 bits for x86.
 */
final class Murmur3 {

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private Murmur3() {
	}

	static int hash(byte[] bytes, int seed) {
		int hash = seed;
		int whole = bytes.length & ~3;
		for (int i = 0; i < whole; i += 4) {
			hash ^= scramble((int) INTS.get(bytes, i));
			hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
		}
		int rest = 0;
		for (int i = bytes.length - 1; i >= whole; i--) {
			rest = rest << 8 | bytes[i] & 0xff;
		}
		hash ^= scramble(rest) ^ bytes.length;
		hash = (hash ^ hash >>> 16) * 0x85ebca6b;
		hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
		return hash ^ hash >>> 16;
	}

	private static int scramble(int block) {
		return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
	}

}
