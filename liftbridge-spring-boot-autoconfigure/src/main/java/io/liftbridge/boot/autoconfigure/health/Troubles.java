package io.liftbridge.boot.autoconfigure.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.listener.PartitionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the partitions of a listener. What is wrong with several of them for
 * the same reason is told once: a broker that is gone takes many with it.
 */
final class Troubles {

	/** Enough to understand; a listener may have hundreds of partitions. */
	private static final int MOST = 5;

	private static final Pattern PARTITION = Pattern.compile("partition \\d+");

	private final Map<List<?>, Group> groups = new LinkedHashMap<>();

	void add(PartitionStatus partition, Duration duration) {
		String error = partition.lastError();
		// Errors name the partition they are about.
		List<?> key = List.of(partition.state(), (error != null) ? PARTITION.matcher(error).replaceAll("") : "");
		this.groups.computeIfAbsent(key, (absent) -> new Group(partition.state(), error)).add(partition, duration);
	}

	/** Empty if nothing is wrong. */
	String describe() {
		List<String> texts = this.groups.values().stream().map(Group::describe).toList();
		int shown = Math.min(MOST, texts.size());
		return String.join("; ", texts.subList(0, shown))
				+ ((texts.size() > shown) ? "; and " + (texts.size() - shown) + " more" : "");
	}

	private static final class Group {

		private final PartitionState state;

		private final @Nullable String error;

		private final Map<String, List<Integer>> partitions = new LinkedHashMap<>();

		private long longest;

		private long shortest = Long.MAX_VALUE;

		Group(PartitionState state, @Nullable String error) {
			this.state = state;
			this.error = error;
		}

		void add(PartitionStatus partition, Duration duration) {
			this.partitions.computeIfAbsent(partition.stream(), (absent) -> new ArrayList<>())
				.add(partition.partition());
			long seconds = Math.max(0, duration.toSeconds());
			this.longest = Math.max(this.longest, seconds);
			this.shortest = Math.min(this.shortest, seconds);
		}

		String describe() {
			List<String> names = new ArrayList<>();
			this.partitions.forEach((stream, numbers) -> names.add(stream + numbers(numbers)));
			return String.join(", ", names) + " " + this.state.name().toLowerCase(Locale.ROOT) + " for "
					+ ((this.longest > this.shortest) ? "up to " : "") + this.longest + " s"
					+ ((this.error != null) ? ": " + this.error : "");
		}

		private static String numbers(List<Integer> numbers) {
			if (numbers.size() == 1) {
				int number = numbers.get(0);
				return (number == PartitionStatus.UNKNOWN) ? "" : " partition " + number;
			}
			int shown = Math.min(MOST, numbers.size());
			String text = String.join(", ", numbers.subList(0, shown).stream().map(String::valueOf).toList());
			return " partitions " + text
					+ ((numbers.size() > shown) ? " and " + (numbers.size() - shown) + " more" : "");
		}

	}

}
