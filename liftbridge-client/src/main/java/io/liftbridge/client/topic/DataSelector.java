package io.liftbridge.client.topic;

import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidRequestException;

/**
 * Chooses by the metadata of an event which of its data is wanted. Must be safe for use
 * by many threads.
 */
@FunctionalInterface
public interface DataSelector {

	/**
	 * Chooses.
	 * @param metadata the event's metadata
	 * @return what is wanted of its data
	 */
	Selection select(Metadata metadata);

	/**
	 * A section of the data of an event.
	 *
	 * @param offset first byte, counted from 0
	 * @param length most bytes; there are fewer if the data ends before
	 */
	record Selection(long offset, long length) {

		/** The data as a whole. */
		public static final Selection ALL = new Selection(0, Long.MAX_VALUE);

		/** No data. */
		public static final Selection NONE = new Selection(0, 0);

		/**
		 * Checks the section.
		 * @throws InvalidRequestException if one of them is negative
		 */
		public Selection {
			if (offset < 0 || length < 0) {
				throw new InvalidRequestException("Data cannot be selected from byte " + offset + " on, " + length
						+ " bytes long; both must be 0 or more.", null);
			}
		}

		/**
		 * A section.
		 * @param offset first byte, counted from 0
		 * @param length most bytes
		 * @return the section
		 */
		public static Selection range(long offset, long length) {
			return new Selection(offset, length);
		}

		/**
		 * Takes the section, without copying.
		 * @param data the data
		 * @return what the data has of it, possibly nothing
		 */
		public Data of(Data data) {
			int first = (int) Math.min(this.offset, data.size());
			return data.slice(first, (int) Math.min(this.length, data.size() - first));
		}

	}

}
