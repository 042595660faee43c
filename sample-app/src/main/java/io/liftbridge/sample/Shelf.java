package io.liftbridge.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the newest entries of one kind, limited in age and in number.
 *
 * @param event name of the event that tells a page of a new entry
 * @param age how old an entry may be, compared with the newest
 * @param size how many there may be
 * @param kept the entries, oldest first
 */
record Shelf<T>(String event, Duration age, int size, Deque<Entry<T>> kept) {

	Shelf(String event, Duration age, int size) {
		this(event, age, size, new ArrayDeque<>());
	}

	Entry<T> put(T data, Instant at) {
		Entry<T> entry = new Entry<>(data, at);
		this.kept.addLast(entry);
		while (this.kept.size() > this.size || this.kept.getFirst().at().isBefore(at.minus(this.age))) {
			this.kept.removeFirst();
		}
		return entry;
	}

	List<Entry<T>> entries() {
		return List.copyOf(this.kept);
	}

	record Entry<T>(T data, Instant at) {
	}

}
