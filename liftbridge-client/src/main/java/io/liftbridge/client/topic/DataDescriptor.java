package io.liftbridge.client.topic;

import java.util.Optional;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Where the data of an event lies that was stored apart from it, in chunks of a companion
 * stream. It travels in the header {@value #HEADER}. Immutable.
 *
 * @param stream the companion stream
 * @param partition the partition
 * @param firstOffset the lowest offset of a chunk
 * @param lastOffset the highest offset of a chunk; what others have stored may lie in
 * between
 * @param size how many bytes the data has
 * @param chunkBytes how many of them each chunk has, except for the last one
 * @param id by which the chunks are told from others
 */
public record DataDescriptor(String stream, int partition, long firstOffset, long lastOffset, int size, int chunkBytes,
		String id) {

	/**
	 * Header of the message that says where its data is:
	 * {@code 1;<id>;<partition>;<first offset>;<last offset>;<size>;<bytes of a chunk>;<stream>}.
	 */
	public static final String HEADER = "Liftbridge-Data";

	private static final String VERSION = "1";

	private static final int FIELDS = 8;

	/**
	 * Checks the numbers.
	 * @throws InvalidRequestException if there can be no such data
	 */
	public DataDescriptor {
		if (stream.isEmpty() || partition < 0 || firstOffset < 0 || lastOffset < firstOffset || size < 1
				|| chunkBytes < 1 || lastOffset - firstOffset < (size - 1) / chunkBytes) {
			throw new InvalidRequestException("There can be no data of " + size + " bytes in chunks of " + chunkBytes
					+ " at offsets " + firstOffset + " to " + lastOffset + " of stream '" + stream + "' partition "
					+ partition + ".", null);
		}
	}

	/**
	 * Tells where the data of an event is.
	 * @param message the message
	 * @return the place, or nothing if the data is in the message
	 * @throws InvalidRequestException if the header is no such place
	 */
	public static Optional<DataDescriptor> of(ReceivedMessage<?> message) {
		String header = message.headers().text(HEADER);
		return (header != null) ? Optional.of(parse(header)) : Optional.empty();
	}

	static DataDescriptor parse(String header) {
		String[] fields = header.split(";", FIELDS);
		try {
			if (fields.length == FIELDS && fields[0].equals(VERSION)) {
				return new DataDescriptor(fields[7], Integer.parseInt(fields[2]), Long.parseLong(fields[3]),
						Long.parseLong(fields[4]), Integer.parseInt(fields[5]), Integer.parseInt(fields[6]), fields[1]);
			}
		}
		catch (NumberFormatException ex) {
			// The same is wrong as with a field that is missing.
		}
		String shown = (header.length() > 200) ? header.substring(0, 200) + "..." : header;
		throw new InvalidRequestException("Header " + HEADER + " is '" + shown
				+ "', which does not say where data is, or in another version than 1.", null);
	}

	/** How many chunks there are. */
	int count() {
		return (this.size - 1) / this.chunkBytes + 1;
	}

	/** How long a chunk is. */
	int bytesOf(int index) {
		return (index < count() - 1) ? this.chunkBytes : this.size - index * this.chunkBytes;
	}

	String text() {
		return String.join(";", VERSION, this.id, Integer.toString(this.partition), Long.toString(this.firstOffset),
				Long.toString(this.lastOffset), Integer.toString(this.size), Integer.toString(this.chunkBytes),
				this.stream);
	}

	@Override
	public String toString() {
		return this.size + " bytes of data at offsets " + this.firstOffset + " to " + this.lastOffset + " of stream '"
				+ this.stream + "' partition " + this.partition;
	}

}
