package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.producer.Partitioner;
import io.liftbridge.client.producer.Partitioners;

/**
 * Values of {@code liftbridge.producer.partitioner}.
 */
public enum PartitionerType {

	/** By CRC-32 of the key, in turn without one. */
	KEY_HASH_OR_ROUND_ROBIN,

	/** By CRC-32 of the key, as other Liftbridge clients do. */
	KEY_HASH,

	/** By MurmurHash3 of the key, as RabbitMQ's Java client does. */
	MURMUR3,

	/** In turn. */
	ROUND_ROBIN,

	/** By CRC-32 of the key, and a hundred messages without one in each partition. */
	STICKY,

	/** Each message asks for its partition. */
	EXPLICIT;

	private static final int STICKY_MESSAGES = 100;

	/**
	 * Creates the partitioner for one producer.
	 * @return the partitioner
	 */
	Partitioner create() {
		return switch (this) {
			case KEY_HASH_OR_ROUND_ROBIN -> Partitioners.keyHashOrRoundRobin();
			case KEY_HASH -> Partitioners.keyHash();
			case MURMUR3 -> Partitioners.murmur3();
			case ROUND_ROBIN -> Partitioners.roundRobin();
			case STICKY -> Partitioners.sticky(STICKY_MESSAGES);
			case EXPLICIT -> Partitioners.explicit();
		};
	}

}
