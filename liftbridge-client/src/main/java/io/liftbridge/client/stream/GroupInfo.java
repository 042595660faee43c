package io.liftbridge.client.stream;

import io.liftbridge.proto.ConsumerGroupMetadata;

/**
 * A consumer group as a broker described it. Immutable.
 *
 * @param id its id
 * @param coordinator id of the broker that its members report to
 * @param epoch changes with its members; grows, but not by one
 */
public record GroupInfo(String id, String coordinator, long epoch) {

	static GroupInfo of(ConsumerGroupMetadata group) {
		return new GroupInfo(group.getGroupId(), group.getCoordinator(), group.getEpoch());
	}

}
