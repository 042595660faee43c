package io.liftbridge.client.producer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;

/**
 * Looks the key up in a table.
 */
final class RoutingPartitioner implements Partitioner {

	private static final int MOST_KEYS_TOLD = 20;

	private final Map<String, Integer> routes;

	private final Unroutable onUnroutable;

	RoutingPartitioner(Map<String, Integer> routes, Unroutable onUnroutable) {
		if (routes.isEmpty()) {
			throw new InvalidRequestException("A routing table without routes has no partition for any message.", null);
		}
		routes.forEach((key, partition) -> {
			if (partition < 0) {
				throw new InvalidRequestException(
						"The routing table leads key '" + key + "' to partition " + partition + ", which is negative.",
						null);
			}
		});
		this.routes = Map.copyOf(routes);
		this.onUnroutable = onUnroutable;
	}

	@Override
	public int partition(Message message, int partitions) {
		byte[] key = message.key();
		Integer partition = this.routes.get((key != null) ? new String(key, StandardCharsets.UTF_8) : "");
		if (partition != null) {
			return partition;
		}
		if (this.onUnroutable == Unroutable.DROP) {
			return DROP;
		}
		throw new UnroutableException(
				((key != null) ? "Key '" + new String(key, StandardCharsets.UTF_8) + "'" : "A message without key")
						+ " has no route. There are routes for: " + known()
						+ ". Add one, or choose Unroutable.DROP for messages that nobody is to receive.",
				null);
	}

	private String known() {
		String keys = String.join(", ", new TreeMap<>(this.routes).keySet().stream().limit(MOST_KEYS_TOLD).toList());
		return (this.routes.size() > MOST_KEYS_TOLD) ? keys + " and " + (this.routes.size() - MOST_KEYS_TOLD) + " more"
				: keys;
	}

}
