package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/** Keeps what a subscription delivers. */
final class Collector implements MessageHandler {

	private final List<ReceivedMessage<byte[]>> messages = Collections.synchronizedList(new ArrayList<>());

	@Override
	public void onMessage(ReceivedMessage<byte[]> message) {
		this.messages.add(message);
	}

	List<Long> offsets() {
		return List.copyOf(this.messages).stream().map(ReceivedMessage::offset).toList();
	}

	List<String> values() {
		return List.copyOf(this.messages).stream().map(ReceivedMessage::text).toList();
	}

	int size() {
		return this.messages.size();
	}

}
