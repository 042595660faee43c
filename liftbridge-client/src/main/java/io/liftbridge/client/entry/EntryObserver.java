package io.liftbridge.client.entry;

/**
 * Is told what was made of messages. For use inside the client.
 */
@FunctionalInterface
public interface EntryObserver {

	/** Looks away. */
	EntryObserver NONE = (records, bytes, storedBytes) -> {
	};

	/**
	 * A value was compressed, or records were put into a batch entry.
	 * @param records how many, 1 for a value
	 * @param bytes size before compression
	 * @param storedBytes size after it
	 */
	void encoded(int records, int bytes, int storedBytes);

}
