package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.ProducerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Options of a producer that differ from those that its {@link ProducerFactory} gives to
 * all others. Two with the same options are equal, and share their producer of a stream.
 * Immutable.
 */
public final class ProducerOverrides {

	/** Nothing differs. */
	public static final ProducerOverrides NONE = new ProducerOverrides(new TreeMap<>());

	private final TreeMap<String, Option> options;

	private ProducerOverrides(TreeMap<String, Option> options) {
		this.options = options;
	}

	/**
	 * Sets when the server acknowledges messages that do not say so themselves.
	 * @param policy the policy
	 * @return the options with this one
	 */
	public ProducerOverrides ackPolicy(AckPolicy policy) {
		return with("ackPolicy", policy, (builder) -> builder.ackPolicy(policy));
	}

	/**
	 * Sets how long a message waits for its acknowledgement.
	 * @param timeout positive
	 * @return the options with this one
	 */
	public ProducerOverrides ackTimeout(Duration timeout) {
		return with("ackTimeout", timeout, (builder) -> builder.ackTimeout(timeout));
	}

	/**
	 * Sets how values are compressed.
	 * @param compression the compression, {@link Compression#NONE} for not at all
	 * @return the options with this one
	 */
	public ProducerOverrides compression(Compression compression) {
		return with("compression", compression, (builder) -> builder.compression(compression));
	}

	/**
	 * Sets whether each message is stored exactly once, on a stream with optimistic
	 * concurrency control. A partition may have one such writer only: no other producer
	 * of this stream may be in use then.
	 * @param idempotence whether it is
	 * @return the options with this one
	 */
	public ProducerOverrides idempotence(boolean idempotence) {
		return with("idempotence", idempotence, (builder) -> builder.idempotence(idempotence));
	}

	/**
	 * Names the producer and numbers its messages, so that what is stored already is not
	 * stored again after a restart.
	 * @param name the producer's name, the same after a restart
	 * @return the options with this one
	 */
	public ProducerOverrides publishingIds(String name) {
		return with("publishingIds", name, (builder) -> builder.name(name).publishingIds(true));
	}

	/**
	 * Sets how messages are collected before they are handed to the network.
	 * @param size the size of batches
	 * @return the options with this one
	 */
	public ProducerOverrides batch(BatchSize size) {
		return with("batch", size, (builder) -> builder.batch(size));
	}

	/**
	 * Sets how many messages travel as one of the server's. Only this client can read
	 * these.
	 * @param maxRecords the most records in a batch entry
	 * @return the options with this one
	 */
	public ProducerOverrides batchEntries(int maxRecords) {
		return with("batchEntries", maxRecords, (builder) -> builder.batchEntries(maxRecords));
	}

	/**
	 * Sets how long a message waits for others at the most.
	 * @param time the time
	 * @return the options with this one
	 */
	public ProducerOverrides linger(Duration time) {
		return with("linger", time, (builder) -> builder.linger(time));
	}

	/**
	 * Sets whether messages of a partition keep their order.
	 * @param ordering the order
	 * @return the options with this one
	 */
	public ProducerOverrides ordering(Ordering ordering) {
		return with("ordering", ordering, (builder) -> builder.ordering(ordering));
	}

	/**
	 * Sets any other option.
	 * @param name tells this change from others: a change of the same name is the same
	 * @param change changes the options
	 * @return the options with this one
	 */
	public ProducerOverrides with(String name, BiConsumer<String, ProducerBuilder> change) {
		return add(name, new Option(null, change));
	}

	private ProducerOverrides with(String name, Object value, Consumer<ProducerBuilder> change) {
		return add(name, new Option(value, (stream, builder) -> change.accept(builder)));
	}

	private ProducerOverrides add(String name, Option option) {
		TreeMap<String, Option> changed = new TreeMap<>(this.options);
		changed.put(name, option);
		return new ProducerOverrides(changed);
	}

	/**
	 * Whether nothing differs.
	 * @return whether there is no option
	 */
	public boolean isEmpty() {
		return this.options.isEmpty();
	}

	/** Applies the options, by name. */
	void apply(String stream, ProducerBuilder builder) {
		this.options.values().forEach((option) -> option.change.accept(stream, builder));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ProducerOverrides that && this.options.equals(that.options);
	}

	@Override
	public int hashCode() {
		return this.options.hashCode();
	}

	@Override
	public String toString() {
		return this.options.toString();
	}

	/** One change, known by its name and value. */
	private static final class Option {

		private final @Nullable Object value;

		private final BiConsumer<String, ProducerBuilder> change;

		Option(@Nullable Object value, BiConsumer<String, ProducerBuilder> change) {
			this.value = value;
			this.change = change;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Option that && Objects.equals(this.value, that.value);
		}

		@Override
		public int hashCode() {
			return Objects.hashCode(this.value);
		}

		@Override
		public String toString() {
			return String.valueOf(this.value);
		}

	}

}
