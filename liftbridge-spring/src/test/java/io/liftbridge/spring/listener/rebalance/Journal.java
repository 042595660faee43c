package io.liftbridge.spring.listener.rebalance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member has done, in the order of time: {@code assigned} with the stored
 * position, {@code begin} and {@code done} with an offset.
 *
 * @param member the member's id
 * @param entries what it did
 */
record Journal(String member, List<Entry> entries) {

	static Journal read(String member, Path path) {
		List<Entry> entries = new ArrayList<>();
		try {
			if (Files.exists(path)) {
				String text = Files.readString(path);
				// The last line may not be complete.
				text.substring(0, text.lastIndexOf('\n') + 1)
					.lines()
					.map((line) -> line.split(" "))
					.forEach((words) -> entries.add(new Entry(words[0], Long.parseLong(words[1]),
							Integer.parseInt(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]))));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Journal(member, entries);
	}

	/**
	 * What it did in one partition, one assignment after the other.
	 */
	List<Assignment> assignments(int partition) {
		List<Assignment> assignments = new ArrayList<>();
		for (Entry entry : this.entries) {
			if (entry.partition != partition) {
				continue;
			}
			if (entry.is("assigned")) {
				assignments.add(new Assignment(this.member, entry, new ArrayList<>(), new ArrayList<>()));
			}
			else {
				Assignment last = assignments.get(assignments.size() - 1);
				(entry.is("begin") ? last.begun : last.done).add(entry);
			}
		}
		return assignments;
	}

	/**
	 * Something that a member did.
	 *
	 * @param what it did
	 * @param epoch in which epoch of the group, -1 if it had lost the partition
	 * @param partition in which partition
	 * @param offset with which message
	 * @param time when, in nanoseconds of a clock that all members share
	 */
	record Entry(String what, long epoch, int partition, long offset, long time) {

		boolean is(String kind) {
			return this.what.equals(kind);
		}

	}

	/**
	 * From when a member was given a partition to when it gave it up.
	 *
	 * @param member whose
	 * @param start what was stored then
	 * @param begun messages
	 * @param done messages
	 */
	record Assignment(String member, Entry start, List<Entry> begun, List<Entry> done) {
	}

}
