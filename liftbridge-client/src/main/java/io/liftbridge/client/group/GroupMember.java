package io.liftbridge.client.group;

import java.util.List;

/**
 * A member of a group at one moment. Immutable.
 *
 * @param group the group's name
 * @param consumerId the member's id
 * @param coordinator id of the broker that shares the partitions out, empty before the
 * member has joined
 * @param epoch the group's epoch, unsigned; it changes whenever a member comes or goes,
 * and begins at 0 again when the last one has gone
 * @param partitions the member's partitions, sorted
 */
public record GroupMember(String group, String consumerId, String coordinator, long epoch,
		List<GroupPartition> partitions) {

	/**
	 * Whether the others have all the partitions.
	 * @return whether this one has none
	 */
	public boolean isStandby() {
		return this.partitions.isEmpty();
	}

	@Override
	public String toString() {
		return "group '" + this.group + "' member '" + this.consumerId + "'";
	}

}
