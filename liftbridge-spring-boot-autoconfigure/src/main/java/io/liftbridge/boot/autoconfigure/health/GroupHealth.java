package io.liftbridge.boot.autoconfigure.health;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.spring.listener.ListenerContainer;
import org.jspecify.annotations.Nullable;

/**
 * What a listener is in its group. Why it cannot join its own state tells.
 */
final class GroupHealth {

	private GroupHealth() {
	}

	/** Returns {@code null} for a listener without a group. */
	static @Nullable String describe(ListenerContainer container) {
		String group = container.properties().getGroup();
		if (group == null) {
			return null;
		}
		GroupMember member = container.groupMember();
		if (member == null || member.coordinator().isEmpty()) {
			return "not a member of group '" + group + "' at the moment";
		}
		return member + ((member.isStandby()) ? " stands by" : " has " + partitions(member.partitions().size()))
				+ ", epoch " + Long.toUnsignedString(member.epoch()) + ", coordinator " + member.coordinator();
	}

	private static String partitions(int count) {
		return count + ((count == 1) ? " partition" : " partitions");
	}

}
