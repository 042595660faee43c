package io.liftbridge.client.stream;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchMetadataResponse;

/**
 * A cluster as one of its brokers described it. Immutable.
 *
 * @param brokers its brokers by id. One that has just died may still be among them
 * @param groups those of the consumer groups that were asked for that exist, by id; the
 * server does not list groups
 */
public record ClusterInfo(List<BrokerInfo> brokers, List<GroupInfo> groups) {

	static ClusterInfo of(FetchMetadataResponse response) {
		return new ClusterInfo(
				response.getBrokersList()
					.stream()
					.map(BrokerInfo::of)
					.sorted(Comparator.comparing(BrokerInfo::id))
					.toList(),
				response.getGroupMetadataList()
					.stream()
					.filter((group) -> group.getError() == ConsumerGroupMetadata.Error.OK)
					.map(GroupInfo::of)
					.sorted(Comparator.comparing(GroupInfo::id))
					.toList());
	}

	/**
	 * Looks a consumer group up.
	 * @param id its id
	 * @return the group, empty if it does not exist or was not asked for
	 */
	public Optional<GroupInfo> group(String id) {
		return this.groups.stream().filter((group) -> group.id().equals(id)).findFirst();
	}

}
