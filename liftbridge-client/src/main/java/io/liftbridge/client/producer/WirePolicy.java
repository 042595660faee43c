package io.liftbridge.client.producer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;

/**
 * Translates acknowledgements and their policies.
 */
final class WirePolicy {

	private WirePolicy() {
	}

	static io.liftbridge.proto.AckPolicy of(AckPolicy policy) {
		return switch (policy) {
			case LEADER -> io.liftbridge.proto.AckPolicy.LEADER;
			case ALL -> io.liftbridge.proto.AckPolicy.ALL;
			case NONE -> io.liftbridge.proto.AckPolicy.NONE;
		};
	}

	static AckPolicy of(io.liftbridge.proto.AckPolicy policy) {
		return switch (policy) {
			case ALL -> AckPolicy.ALL;
			case NONE -> AckPolicy.NONE;
			default -> AckPolicy.LEADER;
		};
	}

	static Ack of(io.liftbridge.proto.Ack ack, String stream, int partition, String correlationId) {
		return new Ack(stream, partition, ack.getOffset(), of(ack.getAckPolicy()), ack.getReceptionTimestamp(),
				ack.getCommitTimestamp(), correlationId);
	}

}
