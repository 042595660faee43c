package io.liftbridge.spring.listener;

import java.util.List;
import java.util.regex.Pattern;

import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.ErrorHandler;

/**
 * Refuses options of a container that do not go together.
 */
final class OptionsCheck {

	private OptionsCheck() {
	}

	/**
	 * Checks the options of a listener.
	 * @throws IllegalArgumentException if something cannot work
	 */
	static void check(String listenerId, ContainerProperties properties, ErrorHandler errorHandler) {
		checkStreams(listenerId, properties);
		checkGroup(listenerId, properties);
		checkRetries(listenerId, properties, errorHandler);
	}

	private static void checkRetries(String listenerId, ContainerProperties properties, ErrorHandler errorHandler) {
		List<String> streams = (properties.getStreamPattern() != null) ? List.of("any") : properties.getStreams();
		if (properties.getAckMode() == AckMode.NONE && !errorHandler.retryStreams(streams).isEmpty()) {
			throw contradiction(listenerId,
					"ackMode = 'NONE' does not go with a retry stream, which would be delivered again at each start",
					"set another ackMode, or an errorHandler without a RetryStream");
		}
	}

	private static void checkStreams(String listenerId, ContainerProperties properties) {
		Pattern pattern = properties.getStreamPattern();
		if (pattern == null) {
			if (properties.getStreams().isEmpty()) {
				throw new IllegalArgumentException("Listener '" + listenerId + "' names no stream.");
			}
			properties.getStreams().forEach(StreamNames::checkStream);
			return;
		}
		if (!properties.getStreams().isEmpty()) {
			throw contradiction(listenerId,
					"streams = " + properties.getStreams() + " does not go with streamPattern = '" + pattern + "'",
					"remove one of them");
		}
		if (properties.getGroup() != null) {
			throw contradiction(listenerId, "streamPattern = '" + pattern + "' does not go with group = '"
					+ properties.getGroup() + "', whose members name their streams", "set 'streams' instead");
		}
	}

	private static void checkGroup(String listenerId, ContainerProperties properties) {
		String group = properties.getGroup();
		if (group == null) {
			if (properties.isLeaderOnly()) {
				throw contradiction(listenerId, "leaderOnly = true needs a group, whose members agree on the leader",
						"set 'group'");
			}
			if (properties.getMemberId() != null) {
				throw contradiction(listenerId,
						"memberId = '" + properties.getMemberId() + "' needs the group of which it is the member",
						"set 'group'");
			}
			return;
		}
		if (properties.getCursorId() != null) {
			throw contradiction(listenerId,
					"cursorId = '" + properties.getCursorId() + "' does not go with group = '" + group
							+ "', whose members store their positions under '__group:" + group + "'",
					"remove one of them");
		}
		if (!properties.getPartitions().isAll()) {
			throw contradiction(listenerId, "partitions = " + properties.getPartitions() + " does not go with group = '"
					+ group + "', which shares out all of them", "remove one of them");
		}
	}

	private static IllegalArgumentException contradiction(String listenerId, String what, String remedy) {
		return new IllegalArgumentException("Listener '" + listenerId + "': " + what + ": " + remedy + ".");
	}

}
