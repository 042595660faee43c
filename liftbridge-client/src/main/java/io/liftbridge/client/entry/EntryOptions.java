package io.liftbridge.client.entry;

import java.time.Duration;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * How entries are unpacked. Immutable. For use inside the client.
 *
 * @param encodingHeader the header that names the compression
 * @param maxUncompressedBytes most bytes that may come of one message
 * @param unknownEncoding what becomes of compressions that are not known
 * @param unpack whether anything is unpacked
 * @param maxLargeMessageBytes most bytes of a message in chunks
 * @param largeMessageTimeout how long after a chunk the next one may come
 */
public record EntryOptions(String encodingHeader, int maxUncompressedBytes, UnknownEncoding unknownEncoding,
		boolean unpack, int maxLargeMessageBytes, Duration largeMessageTimeout) {

	/** Unpacks what other clients write by default. */
	public static final EntryOptions DEFAULT = new EntryOptions(EntryHeaders.ENCODING, 64 << 20, UnknownEncoding.FAIL,
			true, 64 << 20, Duration.ofMinutes(2));

	/** Most that an array can hold. */
	private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

	private static final Duration LONGEST = Duration.ofDays(365);

	/**
	 * The same with another header.
	 * @param name its name
	 * @return the options
	 * @throws InvalidRequestException if it cannot be a header of its own
	 */
	public EntryOptions encodingHeader(String name) {
		return new EntryOptions(checkHeader(name), this.maxUncompressedBytes, this.unknownEncoding, this.unpack,
				this.maxLargeMessageBytes, this.largeMessageTimeout);
	}

	/**
	 * The same with another limit.
	 * @param bytes the limit
	 * @return the options
	 * @throws InvalidRequestException if it is less than 1
	 */
	public EntryOptions maxUncompressedBytes(int bytes) {
		if (bytes < 1 || bytes > MOST_BYTES) {
			throw new InvalidRequestException(
					"Option maxUncompressedBytes is " + bytes + "; it must be between 1 and " + MOST_BYTES + ".", null);
		}
		return new EntryOptions(this.encodingHeader, bytes, this.unknownEncoding, this.unpack,
				this.maxLargeMessageBytes, this.largeMessageTimeout);
	}

	/**
	 * The same with another treatment of what is not known.
	 * @param treatment what becomes of it
	 * @return the options
	 */
	public EntryOptions unknownEncoding(UnknownEncoding treatment) {
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, treatment, this.unpack,
				this.maxLargeMessageBytes, this.largeMessageTimeout);
	}

	/**
	 * The same, unpacking or not.
	 * @param wanted whether anything is unpacked
	 * @return the options
	 */
	public EntryOptions unpack(boolean wanted) {
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, this.unknownEncoding, wanted,
				this.maxLargeMessageBytes, this.largeMessageTimeout);
	}

	/**
	 * The same with another limit for messages in chunks.
	 * @param bytes the limit
	 * @return the options
	 * @throws InvalidRequestException if it is less than 1
	 */
	public EntryOptions maxLargeMessageBytes(int bytes) {
		if (bytes < 1 || bytes > MOST_BYTES) {
			throw new InvalidRequestException(
					"Option maxLargeMessageBytes is " + bytes + "; it must be between 1 and " + MOST_BYTES + ".", null);
		}
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, this.unknownEncoding, this.unpack,
				bytes, this.largeMessageTimeout);
	}

	/**
	 * The same with another patience for messages in chunks.
	 * @param time how long after a chunk the next one may come
	 * @return the options
	 * @throws InvalidRequestException if it is not positive, or more than a year
	 */
	public EntryOptions largeMessageTimeout(Duration time) {
		if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
			throw new InvalidRequestException(
					"Option largeMessageTimeout is " + time + "; it must be positive and at most " + LONGEST + ".",
					null);
		}
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, this.unknownEncoding, this.unpack,
				this.maxLargeMessageBytes, time);
	}

	/**
	 * Refuses names that cannot be those of an own header.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it is empty, or has another meaning
	 */
	public static String checkHeader(String name) {
		if (name.isEmpty() || name.equals(EntryHeaders.BATCH) || name.equals(EntryHeaders.CHUNK)
				|| name.equals(EntryHeaders.CHUNK_KEY) || name.equals("subject") || name.equals("reply")) {
			throw new InvalidRequestException("Option encodingHeader is '" + name
					+ "'; it must be the name of a header that is used for nothing else, by default "
					+ EntryHeaders.ENCODING + ".", null);
		}
		return name;
	}

}
