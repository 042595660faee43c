package io.liftbridge.client.topic;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Validator, selector or serializer of a topic as it is stored: a name, and what it was
 * told. Immutable.
 *
 * @param name the name, under which {@link TopicParts} create it
 * @param config values as JSON has them: text, numbers, truth values, lists, maps
 */
public record Part(String name, Map<String, Object> config) {

	/**
	 * Copies the configuration.
	 * @throws InvalidRequestException if the name is blank
	 */
	public Part {
		if (name.isBlank()) {
			throw new InvalidRequestException("A part of a topic has no name, by which readers could find it.", null);
		}
		config = Collections.unmodifiableMap(new TreeMap<>(config));
	}

	/**
	 * A part that needs no configuration.
	 * @param name the name
	 * @return the part
	 */
	public static Part of(String name) {
		return new Part(name, Map.of());
	}

	/**
	 * Reads a text.
	 * @param key its key
	 * @return the text
	 * @throws InvalidRequestException if there is none
	 */
	public String text(String key) {
		return get(key, String.class, "a text");
	}

	/**
	 * Reads a whole number.
	 * @param key its key
	 * @return the number
	 * @throws InvalidRequestException if there is none
	 */
	public int number(String key) {
		Number number = get(key, Number.class, "a number");
		if (number.doubleValue() != number.intValue()) {
			throw wrong(key, "a whole number", number);
		}
		return number.intValue();
	}

	/**
	 * Reads numbers.
	 * @param key their key
	 * @return the numbers
	 * @throws InvalidRequestException if there are none, or something else
	 */
	public double[] numbers(String key) {
		List<?> list = get(key, List.class, "a list of numbers");
		return list.stream().mapToDouble((element) -> {
			if (element instanceof Number number) {
				return number.doubleValue();
			}
			throw wrong(key, "a list of numbers", list);
		}).toArray();
	}

	/**
	 * Reads a map.
	 * @param key its key
	 * @return the map
	 * @throws InvalidRequestException if there is none
	 */
	public Map<?, ?> map(String key) {
		return get(key, Map.class, "a map");
	}

	private <V> V get(String key, Class<V> type, String expected) {
		Object value = this.config.get(key);
		if (!type.isInstance(value)) {
			throw wrong(key, expected, value);
		}
		return type.cast(value);
	}

	private InvalidRequestException wrong(String key, String expected, @Nullable Object found) {
		return new InvalidRequestException("Part '" + this.name + "' of a topic needs " + expected + " as '" + key
				+ "' in its configuration; it has " + found + ".", null);
	}

	@Override
	public String toString() {
		return this.config.isEmpty() ? this.name : this.name + this.config;
	}

}
