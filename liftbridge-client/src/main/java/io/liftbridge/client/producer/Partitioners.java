package io.liftbridge.client.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/**
 * The partitioners that come with the client.
 */
public final class Partitioners {

	private static final Partitioner KEY_HASH = (message, partitions) -> {
		byte[] key = message.key();
		if (key == null || partitions == 1) {
			return 0;
		}
		CRC32 crc = new CRC32();
		crc.update(key);
		return (int) (crc.getValue() % partitions);
	};

	private Partitioners() {
	}

	/**
	 * Spreads by the CRC-32 (IEEE) of the key, as go-liftbridge does: all messages of a
	 * key meet in one partition. Messages without a key go to partition 0.
	 * @return the partitioner
	 */
	public static Partitioner keyHash() {
		return KEY_HASH;
	}

	/**
	 * Takes the partitions in turn, beginning with 0. Each call of this method gives a
	 * new count.
	 * @return the partitioner
	 */
	public static Partitioner roundRobin() {
		AtomicInteger next = new AtomicInteger();
		return (message, partitions) -> Math.floorMod(next.getAndIncrement(), partitions);
	}

	/**
	 * Spreads messages with a key like {@link #keyHash()} and takes the partitions in
	 * turn for those without. The default.
	 * @return the partitioner
	 */
	public static Partitioner keyHashOrRoundRobin() {
		Partitioner roundRobin = roundRobin();
		return (message, partitions) -> (message.key() != null) ? KEY_HASH.partition(message, partitions)
				: roundRobin.partition(message, partitions);
	}

}
