package io.liftbridge.client.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.consumer.StreamIdentity;

/**
 * Knows in which streams a member has joined, and notices when one of them is deleted or
 * created anew: the server takes a deleted stream from the group and does not give it a
 * new one of the same name. Belongs to the member's events.
 */
final class StreamWatch {

	/** Where the server does not tell when a stream was created. */
	private static final long UNKNOWN = 0;

	private final List<String> streams;

	/** When those were created with which the member has joined. */
	private final Map<String, Long> joined = new HashMap<>();

	private final Set<String> deleted = new TreeSet<>();

	StreamWatch(List<String> streams) {
		this.streams = streams;
	}

	/** The streams with which the member can join. */
	List<String> existing(ClusterMetadata metadata) {
		return this.streams.stream().filter((stream) -> metadata.stream(stream) != null).toList();
	}

	/**
	 * The member joins.
	 * @param with the streams with which it joins
	 * @param metadata what was known before it joined
	 */
	void joins(List<String> with, ClusterMetadata metadata) {
		this.joined.clear();
		with.forEach((stream) -> this.joined.put(stream, StreamIdentity.createdAt(stream, metadata)));
	}

	/** Whether streams are to be looked for. */
	boolean isWaiting() {
		return !this.deleted.isEmpty();
	}

	/** The streams that were deleted, which has not been noticed before. */
	List<String> newlyDeleted(ClusterMetadata metadata) {
		List<String> result = new ArrayList<>();
		for (String stream : this.streams) {
			if (metadata.stream(stream) != null) {
				this.deleted.remove(stream);
			}
			// A broker may lag behind, but not so far that it does not know those.
			else if (this.joined.getOrDefault(stream, UNKNOWN) != UNKNOWN && this.deleted.add(stream)) {
				result.add(stream);
			}
		}
		return result;
	}

	/** The streams of which the member gets nothing before it joins again. */
	List<String> anew(ClusterMetadata metadata) {
		List<String> result = new ArrayList<>();
		for (String stream : this.streams) {
			long created = StreamIdentity.createdAt(stream, metadata);
			if (metadata.stream(stream) == null) {
				continue;
			}
			Long known = this.joined.get(stream);
			if (known == null || (known != UNKNOWN && created != UNKNOWN && created != known)) {
				result.add(stream);
			}
			else if (known == UNKNOWN) {
				this.joined.put(stream, created);
			}
		}
		return result;
	}

}
