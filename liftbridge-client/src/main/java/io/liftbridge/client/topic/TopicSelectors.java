package io.liftbridge.client.topic;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.client.producer.Partitioner;
import io.liftbridge.client.producer.Partitioners;
import io.liftbridge.client.producer.Unroutable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * What chooses the partitions of a topic, and can be stored with its definition. Anything
 * else is a {@link Partitioner} of one's own, which is {@link Named}, too, if readers are
 * to find it.
 */
public final class TopicSelectors {

	private TopicSelectors() {
	}

	/**
	 * Takes {@link Partitioners#keyHashOrRoundRobin()}. The default.
	 * @return the selector
	 */
	public static Partitioner keyHashOrRoundRobin() {
		return new Selector(Part.of("key-hash-or-round-robin"), Partitioners.keyHashOrRoundRobin());
	}

	/**
	 * Takes {@link Partitioners#keyHash()}.
	 * @return the selector
	 */
	public static Partitioner keyHash() {
		return new Selector(Part.of("key-hash"), Partitioners.keyHash());
	}

	/**
	 * Takes {@link Partitioners#murmur3()}.
	 * @return the selector
	 */
	public static Partitioner murmur3() {
		return new Selector(Part.of("murmur3"), Partitioners.murmur3());
	}

	/**
	 * Takes {@link Partitioners#roundRobin()}.
	 * @return the selector
	 */
	public static Partitioner roundRobin() {
		return new Selector(Part.of("round-robin"), Partitioners.roundRobin());
	}

	/**
	 * Takes {@link Partitioners#sticky(int)}.
	 * @param messages after how many messages without key the partition changes, 1 and
	 * above
	 * @return the selector
	 */
	public static Partitioner sticky(int messages) {
		return new Selector(new Part("sticky", Map.of("messages", messages)), Partitioners.sticky(messages));
	}

	/**
	 * Takes {@link Partitioners#range} with a number in the JSON of the event. Needs
	 * Jackson 3.
	 * @param pointer where the number is, as {@code /customer/age}; in the metadata of
	 * the event if it has some, and in its value else
	 * @param bounds where bins begin, each above the one before
	 * @return the selector; it throws an {@link UnroutableException} for what has no such
	 * number
	 */
	public static Partitioner range(String pointer, double... bounds) {
		Jackson.require("A selector by a number in JSON");
		return new Selector(
				new Part("range", Map.of("pointer", pointer, "bounds", Arrays.stream(bounds).boxed().toList())),
				Partitioners.range(JsonNumber.at(pointer)::of, bounds));
	}

	/**
	 * Takes {@link Partitioners#routing}.
	 * @param routes partitions by key
	 * @param onUnroutable what becomes of messages with other keys
	 * @return the selector
	 */
	public static Partitioner routing(Map<String, Integer> routes, Unroutable onUnroutable) {
		return new Selector(
				new Part("routing",
						Map.of("routes", Map.copyOf(routes), "onUnroutable",
								onUnroutable.name().toLowerCase(Locale.ROOT))),
				Partitioners.routing(routes, onUnroutable));
	}

	/**
	 * Takes {@link Partitioners#explicit()}.
	 * @return the selector
	 */
	public static Partitioner explicit() {
		return new Selector(Part.of("explicit"), Partitioners.explicit());
	}

	static @Nullable Partitioner of(Part part) {
		return switch (part.name()) {
			case "key-hash-or-round-robin" -> keyHashOrRoundRobin();
			case "key-hash" -> keyHash();
			case "murmur3" -> murmur3();
			case "round-robin" -> roundRobin();
			case "sticky" -> sticky(part.number("messages"));
			case "range" -> range(part.text("pointer"), part.numbers("bounds"));
			case "routing" -> routing(routes(part), unroutable(part.text("onUnroutable")));
			case "explicit" -> explicit();
			default -> null;
		};
	}

	private static Map<String, Integer> routes(Part part) {
		Map<String, Integer> routes = new HashMap<>();
		part.map("routes").forEach((key, partition) -> {
			if (!(partition instanceof Number number)) {
				throw new InvalidRequestException(
						"The routing table leads key '" + key + "' to " + partition + ", which is no partition.", null);
			}
			routes.put(String.valueOf(key), number.intValue());
		});
		return routes;
	}

	private static Unroutable unroutable(String name) {
		return switch (name) {
			case "fail" -> Unroutable.FAIL;
			case "drop" -> Unroutable.DROP;
			default -> throw new InvalidRequestException(
					"onUnroutable of a routing table is '" + name + "'; it must be 'fail' or 'drop'.", null);
		};
	}

	/** A partitioner that can be found again. */
	private record Selector(Part part, Partitioner partitioner) implements Partitioner, Named {

		@Override
		public int partition(Message message, int partitions) {
			return this.partitioner.partition(message, partitions);
		}

		@Override
		public String toString() {
			return this.part.toString();
		}

	}

	/** A number in the JSON of an event. */
	private record JsonNumber(JsonPointer pointer) {

		static JsonNumber at(String pointer) {
			try {
				return new JsonNumber(JsonPointer.compile(pointer));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidRequestException("'" + pointer + "' is no JSON pointer, as /customer/age is.", ex);
			}
		}

		double of(Message message) {
			byte[] metadata = message.headers().get(Metadata.HEADER);
			JsonNode found;
			try {
				found = Json.tree((metadata != null) ? metadata : message.value()).at(this.pointer);
			}
			catch (InvalidEventException ex) {
				throw new UnroutableException(message + " has no number at " + this.pointer + ": " + ex.reason(), ex);
			}
			if (!found.isNumber()) {
				throw new UnroutableException(message + " has no number at " + this.pointer + " but "
						+ (found.isMissingNode() ? "nothing" : found) + ".", null);
			}
			return found.doubleValue();
		}

	}

}
