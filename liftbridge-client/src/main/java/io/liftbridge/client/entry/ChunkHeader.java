package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;

import io.liftbridge.client.message.MalformedEntryException;

/**
 * What the header {@link EntryHeaders#CHUNK} says: {@code 1;<message id>;<index>;<count>}
 * in ASCII, with the version first. Immutable. For use inside the client.
 *
 * @param id of the message, the same in all of its chunks and in no others of the
 * partition: 1 to 36 printable characters without semicolon
 * @param index the chunk's place, counted from 0
 * @param count how many chunks the message has
 */
public record ChunkHeader(String id, int index, int count) {

	/** How long the header's value is at the most, besides the id. */
	public static final int MOST_BYTES = "1;;;".length() + 2 * "2147483647".length();

	private static final String VERSION = "1;";

	private static final int MAX_ID = 36;

	private static final int MAX_TEXT = MOST_BYTES + MAX_ID;

	/**
	 * Writes it.
	 * @return the header's value
	 */
	public byte[] toBytes() {
		return (VERSION + this.id + ";" + this.index + ";" + this.count).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Reads it.
	 * @param value the header's value
	 * @return what it says
	 * @throws MalformedEntryException if it is no such header
	 */
	public static ChunkHeader parse(byte[] value) {
		String text = EntryDecoder.text(value);
		if (!text.startsWith(VERSION)) {
			throw malformed(text, "; this client knows version 1 of chunks only");
		}
		int second = text.lastIndexOf(';');
		int first = text.lastIndexOf(';', second - 1);
		if (value.length > MAX_TEXT || first <= VERSION.length() || first - VERSION.length() > MAX_ID
				|| text.indexOf(';', VERSION.length()) != first) {
			throw malformed(text, ", which is not 1;<message id>;<index>;<count>");
		}
		int index = number(text, first + 1, second);
		int count = number(text, second + 1, text.length());
		if (index < 0 || count < 1 || index >= count) {
			throw malformed(text, ", which is no place among its chunks");
		}
		return new ChunkHeader(text.substring(VERSION.length(), first), index, count);
	}

	private static int number(String text, int from, int to) {
		for (int i = from; i < to; i++) {
			if (text.charAt(i) < '0' || text.charAt(i) > '9') {
				return -1;
			}
		}
		try {
			return Integer.parseInt(text, from, to, 10);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private static MalformedEntryException malformed(String text, String why) {
		return new MalformedEntryException("its header " + EntryHeaders.CHUNK + " is '" + text + "'" + why, null);
	}

}
