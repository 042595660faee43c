package io.liftbridge.embedded.api;

import io.liftbridge.embedded.log.LogReader;
import io.liftbridge.embedded.stream.GroupSubscribers;
import io.liftbridge.embedded.stream.Partition;
import org.jspecify.annotations.Nullable;

/**
 * An open subscription.
 *
 * @param partition what is read
 * @param reader where it is
 * @param stop offset of the last message, {@link Range#NEVER} if there is none
 * @param member the group member that reads, {@code null} if it belongs to none
 */
record Subscription(Partition partition, LogReader reader, long stop, GroupSubscribers.@Nullable Member member) {

	void begin() {
		this.partition.countSubscriber(1);
	}

	void end() {
		this.partition.countSubscriber(-1);
		if (this.member != null) {
			this.partition.groupSubscribers().leave(this.member);
		}
	}

}
