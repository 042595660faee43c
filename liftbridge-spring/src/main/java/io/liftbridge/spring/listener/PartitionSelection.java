package io.liftbridge.spring.listener;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which partitions of a stream are read. Immutable.
 */
public final class PartitionSelection {

	private static final int MOST = 100_000;

	private static final PartitionSelection ALL = new PartitionSelection(new TreeSet<>());

	private final TreeSet<Integer> numbers;

	private PartitionSelection(TreeSet<Integer> numbers) {
		this.numbers = numbers;
	}

	/**
	 * All partitions that the stream has.
	 * @return the selection
	 */
	public static PartitionSelection all() {
		return ALL;
	}

	/**
	 * The given partitions.
	 * @param partitions their numbers, at least one
	 * @return the selection
	 * @throws IllegalArgumentException if there is none, or one is negative
	 */
	public static PartitionSelection of(int... partitions) {
		TreeSet<Integer> numbers = new TreeSet<>(Arrays.stream(partitions).boxed().toList());
		if (numbers.isEmpty() || numbers.first() < 0) {
			throw new IllegalArgumentException("Partitions " + Arrays.toString(partitions)
					+ " cannot be read: name at least one, counted from 0.");
		}
		return new PartitionSelection(numbers);
	}

	/**
	 * Reads a selection from text.
	 * @param text numbers and ranges such as {@code 0-3,5}; empty or {@code *} for all
	 * @return the selection
	 * @throws IllegalArgumentException if it is not one
	 */
	public static PartitionSelection parse(String text) {
		if (text.isBlank() || text.trim().equals("*")) {
			return ALL;
		}
		TreeSet<Integer> numbers = new TreeSet<>();
		for (String part : text.split(",", -1)) {
			String[] ends = part.trim().split("\\s*-\\s*", -1);
			int first = number(ends[0], text);
			int last = (ends.length > 1) ? number(ends[1], text) : first;
			if (ends.length > 2 || last < first || last - first > MOST) {
				throw notPartitions(text);
			}
			IntStream.rangeClosed(first, last).forEach(numbers::add);
		}
		return new PartitionSelection(numbers);
	}

	private static int number(String part, String text) {
		try {
			int number = Integer.parseInt(part);
			if (number >= 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below, with the whole text.
		}
		throw notPartitions(text);
	}

	private static IllegalArgumentException notPartitions(String text) {
		return new IllegalArgumentException("'" + text
				+ "' does not select partitions: use numbers and ranges such as '0-3,5', or nothing for all.");
	}

	/**
	 * Tells whether all partitions are meant.
	 * @return whether they are
	 */
	public boolean isAll() {
		return this.numbers.isEmpty();
	}

	/**
	 * Tells which of a stream's partitions are meant.
	 * @param count how many partitions the stream has
	 * @return their numbers; also those that the stream does not have
	 */
	public List<Integer> numbers(int count) {
		return isAll() ? IntStream.range(0, count).boxed().toList() : List.copyOf(this.numbers);
	}

	@Override
	public String toString() {
		return isAll() ? "all" : this.numbers.toString();
	}

}
