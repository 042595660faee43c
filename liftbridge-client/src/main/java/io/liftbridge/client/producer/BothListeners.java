package io.liftbridge.client.producer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Two listeners as one.
 *
 * @param first is told first
 * @param second is told also if the first one throws something
 */
record BothListeners(ProducerListener first, ProducerListener second) implements ProducerListener {

	static ProducerListener of(ProducerListener first, ProducerListener second) {
		if (first == NONE) {
			return second;
		}
		return (second == NONE) ? first : new BothListeners(first, second);
	}

	@Override
	public void onAck(Message message, Ack ack, long nanos) {
		try {
			this.first.onAck(message, ack, nanos);
		}
		finally {
			this.second.onAck(message, ack, nanos);
		}
	}

	@Override
	public void onFailure(Message message, LiftbridgeException failure) {
		try {
			this.first.onFailure(message, failure);
		}
		finally {
			this.second.onFailure(message, failure);
		}
	}

}
