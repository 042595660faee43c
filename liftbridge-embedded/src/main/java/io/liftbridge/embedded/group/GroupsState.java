package io.liftbridge.embedded.group;

import java.util.List;
import java.util.Map;

/**
 * What is to be known of all groups to bring them back.
 *
 * @param index number of the newest change of metadata
 * @param groups the groups
 */
public record GroupsState(long index, List<GroupState> groups) {

	/**
	 * What is to be known of a group.
	 *
	 * @param id the group
	 * @param epoch its epoch
	 * @param streams all streams that ever had a subscriber in it
	 * @param members its members
	 */
	public record GroupState(String id, long epoch, List<String> streams, List<MemberState> members) {

	}

	/**
	 * What is to be known of a member.
	 *
	 * @param id the consumer
	 * @param streams what it subscribes to
	 * @param partitions what it was given, by stream
	 */
	public record MemberState(String id, List<String> streams, Map<String, List<Integer>> partitions) {

	}

}
