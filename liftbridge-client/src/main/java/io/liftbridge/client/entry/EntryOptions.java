package io.liftbridge.client.entry;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * How entries are unpacked. Immutable. For use inside the client.
 *
 * @param encodingHeader the header that names the compression
 * @param maxUncompressedBytes most bytes that may come of one message
 * @param unknownEncoding what becomes of compressions that are not known
 * @param unpack whether anything is unpacked
 */
public record EntryOptions(String encodingHeader, int maxUncompressedBytes, UnknownEncoding unknownEncoding,
		boolean unpack) {

	/** Unpacks what other clients write by default. */
	public static final EntryOptions DEFAULT = new EntryOptions(EntryHeaders.ENCODING, 64 << 20, UnknownEncoding.FAIL,
			true);

	/** Most that an array can hold. */
	private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

	/**
	 * The same with another header.
	 * @param name its name
	 * @return the options
	 * @throws InvalidRequestException if it cannot be a header of its own
	 */
	public EntryOptions encodingHeader(String name) {
		return new EntryOptions(checkHeader(name), this.maxUncompressedBytes, this.unknownEncoding, this.unpack);
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
		return new EntryOptions(this.encodingHeader, bytes, this.unknownEncoding, this.unpack);
	}

	/**
	 * The same with another treatment of what is not known.
	 * @param treatment what becomes of it
	 * @return the options
	 */
	public EntryOptions unknownEncoding(UnknownEncoding treatment) {
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, treatment, this.unpack);
	}

	/**
	 * The same, unpacking or not.
	 * @param wanted whether anything is unpacked
	 * @return the options
	 */
	public EntryOptions unpack(boolean wanted) {
		return new EntryOptions(this.encodingHeader, this.maxUncompressedBytes, this.unknownEncoding, wanted);
	}

	/**
	 * Refuses names that cannot be those of an own header.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it is empty, or has another meaning
	 */
	public static String checkHeader(String name) {
		if (name.isEmpty() || name.equals(EntryHeaders.BATCH) || name.equals("subject") || name.equals("reply")) {
			throw new InvalidRequestException("Option encodingHeader is '" + name
					+ "'; it must be the name of a header that is used for nothing else, by default "
					+ EntryHeaders.ENCODING + ".", null);
		}
		return name;
	}

}
