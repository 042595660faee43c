package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.Partitioner;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * What a topic is: its stream, what its events must look like, how they become bytes, and
 * which partition each goes to. Immutable.
 *
 * @param <T> type of the events
 */
public final class TopicDefinition<T> {

	private final String stream;

	private final int partitions;

	private final EventSerializer<T> serializer;

	private final EventValidator<? super T> validator;

	private final Partitioner selector;

	private TopicDefinition(String stream, int partitions, EventSerializer<T> serializer,
			EventValidator<? super T> validator, Partitioner selector) {
		this.stream = stream;
		this.partitions = partitions;
		this.serializer = given(stream, "serializer", serializer);
		this.validator = given(stream, "validator", validator);
		this.selector = given(stream, "selector", selector);
	}

	/**
	 * A topic with one partition, which accepts each event.
	 * @param stream name of its stream, and of the topic
	 * @param serializer how events become bytes
	 * @param <T> type of the events
	 * @return the definition
	 * @throws InvalidRequestException if the name is not allowed, or the serializer is
	 * {@code null}
	 */
	public static <T> TopicDefinition<T> of(String stream, EventSerializer<T> serializer) {
		return new TopicDefinition<>(StreamNames.checkNewStream(stream), 1, serializer, EventValidator.acceptAll(),
				TopicSelectors.keyHashOrRoundRobin());
	}

	/**
	 * The same for another stream.
	 * @param name the stream's name
	 * @return a changed copy
	 * @throws InvalidRequestException if the name is not allowed
	 */
	public TopicDefinition<T> stream(String name) {
		return new TopicDefinition<>(StreamNames.checkNewStream(name), this.partitions, this.serializer, this.validator,
				this.selector);
	}

	/**
	 * Sets how many partitions the stream has; it cannot be changed later.
	 * @param count how many, 1 (default) and above
	 * @return a changed copy
	 * @throws InvalidRequestException if it is below 1
	 */
	public TopicDefinition<T> partitions(int count) {
		if (count < 1) {
			throw new InvalidRequestException(
					"Topic '" + this.stream + "' cannot have " + count + " partitions; it needs 1 or more.", null);
		}
		return new TopicDefinition<>(this.stream, count, this.serializer, this.validator, this.selector);
	}

	/**
	 * Sets what refuses events.
	 * @param refuses the validator, by default {@link EventValidator#acceptAll()}
	 * @return a changed copy
	 */
	public TopicDefinition<T> validator(EventValidator<? super T> refuses) {
		return new TopicDefinition<>(this.stream, this.partitions, this.serializer, refuses, this.selector);
	}

	/**
	 * Sets what chooses partitions.
	 * @param chooses one of {@link TopicSelectors}, by default
	 * {@link TopicSelectors#keyHashOrRoundRobin()}, or one's own
	 * @return a changed copy
	 */
	public TopicDefinition<T> selector(Partitioner chooses) {
		return new TopicDefinition<>(this.stream, this.partitions, this.serializer, this.validator, chooses);
	}

	/**
	 * The stream, whose name the topic has.
	 * @return its name
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * How many partitions there are.
	 * @return their number
	 */
	public int partitions() {
		return this.partitions;
	}

	/**
	 * How events become bytes.
	 * @return the serializer
	 */
	public EventSerializer<T> serializer() {
		return this.serializer;
	}

	/**
	 * What refuses events.
	 * @return the validator
	 */
	public EventValidator<? super T> validator() {
		return this.validator;
	}

	/**
	 * What chooses partitions.
	 * @return the selector
	 */
	public Partitioner selector() {
		return this.selector;
	}

	/**
	 * The definition as it is stored.
	 * @return names and configurations of its parts
	 * @throws InvalidRequestException if a part has no name
	 */
	public TopicDescription describe() {
		return new TopicDescription(this.stream, this.partitions, part("serializer", this.serializer),
				part("validator", this.validator), part("selector", this.selector));
	}

	private static <P> P given(String stream, String role, @Nullable P part) {
		if (part == null) {
			throw new InvalidRequestException("The " + role + " of topic '" + stream + "' is null.", null);
		}
		return part;
	}

	private Part part(String role, Object of) {
		if (of instanceof Named named) {
			return named.part();
		}
		throw new InvalidRequestException(
				"The " + role + " of topic '" + this.stream + "' has no name by which readers could find it: "
						+ of.getClass().getName()
						+ " does not implement Named. Let it do so, and make it known to readers by a TopicParts.",
				null);
	}

	@Override
	public String toString() {
		return "TopicDefinition[" + this.stream + ", " + this.partitions + " partitions, serializer " + this.serializer
				+ ", validator " + this.validator + ", selector " + this.selector + "]";
	}

}
