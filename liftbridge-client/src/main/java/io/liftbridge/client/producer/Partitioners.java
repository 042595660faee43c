package io.liftbridge.client.producer;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.zip.CRC32;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;

/**
 * The partitioners that come with the client.
 */
public final class Partitioners {

	private static final byte[] NO_KEY = {};

	/** As RabbitMQ's Java client for streams has it. */
	private static final int MURMUR3_SEED = 104_729;

	private static final Partitioner MURMUR3 = (message, partitions) -> {
		byte[] key = message.key();
		return Integer.remainderUnsigned(Murmur3.hash((key != null) ? key : NO_KEY, MURMUR3_SEED), partitions);
	};

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

	/**
	 * Spreads by the MurmurHash3 (32 bits, seed 104729) of the key, as RabbitMQ's Java
	 * client does with super streams. Messages without a key meet in the partition of the
	 * empty key.
	 * @return the partitioner
	 */
	public static Partitioner murmur3() {
		return MURMUR3;
	}

	/**
	 * Spreads messages with a key like {@link #keyHash()}; those without stay with a
	 * partition for a while and then go on to the next, which makes full batches of few
	 * messages. Each call of this method gives a new count.
	 * @param messages after how many messages without key the partition changes, 1 and
	 * above
	 * @return the partitioner
	 * @throws InvalidRequestException if it is below 1
	 */
	public static Partitioner sticky(int messages) {
		Partitioner sticky = new StickyPartitioner(messages);
		return (message, partitions) -> ((message.key() != null) ? KEY_HASH : sticky).partition(message, partitions);
	}

	/**
	 * Puts messages in bins by a number: below the first bound in partition 0, from the
	 * first bound on in partition 1, and so on; from the last bound on in the last one.
	 * The stream needs one partition more than there are bounds.
	 * @param extractor tells the number of a message
	 * @param bounds where bins begin, each above the one before
	 * @return the partitioner; it throws an {@link UnroutableException} for what is not a
	 * number
	 * @throws InvalidRequestException if the bounds do not grow or are no numbers
	 */
	public static Partitioner range(ToDoubleFunction<? super Message> extractor, double... bounds) {
		double[] sorted = bounds.clone();
		for (int i = 0; i < sorted.length; i++) {
			if (Double.isNaN(sorted[i]) || i > 0 && sorted[i] <= sorted[i - 1]) {
				throw new InvalidRequestException("The bounds of partitions " + Arrays.toString(bounds)
						+ " are not numbers of which each is above the one before.", null);
			}
		}
		return (message, partitions) -> {
			double value = extractor.applyAsDouble(message);
			if (Double.isNaN(value)) {
				throw new UnroutableException("The number that chooses the partition of " + message + " is NaN.", null);
			}
			int bin = 0;
			while (bin < sorted.length && value >= sorted[bin]) {
				bin++;
			}
			return bin;
		};
	}

	/**
	 * Looks the partition of a key up in a table.
	 * @param routes partitions by key, which is compared as UTF-8; the empty key stands
	 * for none
	 * @param onUnroutable what becomes of messages with other keys
	 * @return the partitioner; with {@link Unroutable#FAIL} it throws an
	 * {@link UnroutableException} for other keys
	 * @throws InvalidRequestException if there are no routes, or one leads to a negative
	 * partition
	 */
	public static Partitioner routing(Map<String, Integer> routes, Unroutable onUnroutable) {
		return new RoutingPartitioner(routes, onUnroutable);
	}

	/**
	 * Chooses nothing: each message must ask for its partition.
	 * @return the partitioner; it throws an {@link UnroutableException} for messages that
	 * do not
	 */
	public static Partitioner explicit() {
		return (message, partitions) -> {
			throw new UnroutableException(message + " asks for no partition, and the producer's partitioner chooses"
					+ " none; set Message.Builder.partition.", null);
		};
	}

}
