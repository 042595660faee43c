package io.liftbridge.client.stream;

import io.liftbridge.proto.Broker;

/**
 * A broker as another one described it. Immutable. The counts may be minutes old.
 *
 * @param id its id
 * @param host the host that it tells clients to connect to
 * @param port the port that it tells clients to connect to
 * @param partitions how many partitions it has a replica of
 * @param leaders how many partitions it leads
 */
public record BrokerInfo(String id, String host, int port, int partitions, int leaders) {

	static BrokerInfo of(Broker broker) {
		return new BrokerInfo(broker.getId(), broker.getHost(), broker.getPort(), broker.getPartitionCount(),
				broker.getLeaderCount());
	}

}
