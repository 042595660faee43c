package io.liftbridge.client.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Names with values that accompany a message. Immutable and safe for use by many threads;
 * the arrays handed out are not copied and must not be changed.
 * <p>
 * A name is 1 to 32767 bytes long. The server itself sets {@code subject} and
 * {@code reply} on each message and overwrites what a producer puts there.
 */
public final class Headers {

	/** Longest name in bytes of UTF-8; a longer one would stop the server. */
	public static final int MAX_NAME_BYTES = 32767;

	/**
	 * Most headers of a message that is sent: the server, which adds two of its own,
	 * counts them in 16 bits.
	 */
	public static final int MAX_COUNT = 32765;

	private static final Headers EMPTY = new Headers(Collections.emptyMap());

	private final Map<String, byte[]> values;

	private Headers(Map<String, byte[]> values) {
		this.values = values;
	}

	/**
	 * No headers.
	 * @return the empty headers
	 */
	public static Headers empty() {
		return EMPTY;
	}

	/**
	 * Takes over a map of headers.
	 * @param values the values by name; copied, the arrays are not
	 * @return the headers
	 * @throws InvalidRequestException if a name is empty or too long
	 */
	public static Headers of(Map<String, byte[]> values) {
		if (values.isEmpty()) {
			return EMPTY;
		}
		values.keySet().forEach(Headers::check);
		return new Headers(new LinkedHashMap<>(values));
	}

	/**
	 * Takes over what a server sent, unchecked and uncopied.
	 * @param values the values by name, not changed any more
	 * @return the headers
	 */
	public static Headers received(Map<String, byte[]> values) {
		return values.isEmpty() ? EMPTY : new Headers(values);
	}

	/**
	 * Adds or replaces a header.
	 * @param name its name
	 * @param value its value, not copied
	 * @return new headers
	 * @throws InvalidRequestException if the name is empty or too long
	 */
	public Headers with(String name, byte[] value) {
		check(name);
		Map<String, byte[]> copy = new LinkedHashMap<>(this.values);
		copy.put(name, value);
		return new Headers(copy);
	}

	/**
	 * Adds or replaces a header.
	 * @param name its name
	 * @param value its value, stored as UTF-8
	 * @return new headers
	 * @throws InvalidRequestException if the name is empty or too long
	 */
	public Headers with(String name, String value) {
		return with(name, value.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Removes a header.
	 * @param name its name
	 * @return headers without it
	 */
	public Headers without(String name) {
		if (!this.values.containsKey(name)) {
			return this;
		}
		Map<String, byte[]> copy = new LinkedHashMap<>(this.values);
		copy.remove(name);
		return received(copy);
	}

	/**
	 * Reads a header.
	 * @param name its name
	 * @return its value, or {@code null} if there is none
	 */
	public byte @Nullable [] get(String name) {
		return this.values.get(name);
	}

	/**
	 * Reads a header as UTF-8.
	 * @param name its name
	 * @return its text, or {@code null} if there is none
	 */
	public @Nullable String text(String name) {
		byte[] value = this.values.get(name);
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	/**
	 * Tells the names.
	 * @return the names, unmodifiable
	 */
	public Set<String> names() {
		return Collections.unmodifiableSet(this.values.keySet());
	}

	/**
	 * Tells whether there are any.
	 * @return whether there is no header
	 */
	public boolean isEmpty() {
		return this.values.isEmpty();
	}

	/**
	 * Counts the headers.
	 * @return how many there are
	 */
	public int size() {
		return this.values.size();
	}

	/**
	 * Hands each header to an action.
	 * @param action what to do with name and value
	 */
	public void forEach(BiConsumer<String, byte[]> action) {
		this.values.forEach(action);
	}

	/** Those that were received are not checked before they are sent on. */
	void requireSendable() {
		if (this.values.size() > MAX_COUNT) {
			throw new InvalidRequestException("A message has " + this.values.size()
					+ " headers; the server takes at most " + MAX_COUNT + " besides its own.", null);
		}
		this.values.keySet().forEach(Headers::checkLength);
	}

	private static void check(String name) {
		if (name.isEmpty()) {
			throw new InvalidRequestException("Header names must not be empty.", null);
		}
		checkLength(name);
	}

	private static void checkLength(String name) {
		if (name.length() <= MAX_NAME_BYTES / 3) {
			// UTF-8 takes three bytes for a char at most.
			return;
		}
		int length = name.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_NAME_BYTES) {
			throw new InvalidRequestException("Header name '" + name.substring(0, 40) + "...' is " + length
					+ " bytes long; the server takes at most " + MAX_NAME_BYTES + ".", null);
		}
	}

	@Override
	public boolean equals(Object other) {
		if (!(other instanceof Headers that) || !this.values.keySet().equals(that.values.keySet())) {
			return false;
		}
		return this.values.entrySet()
			.stream()
			.allMatch((e) -> Arrays.equals(e.getValue(), that.values.get(e.getKey())));
	}

	@Override
	public int hashCode() {
		return this.values.keySet().hashCode();
	}

	@Override
	public String toString() {
		return this.values.keySet().toString();
	}

}
