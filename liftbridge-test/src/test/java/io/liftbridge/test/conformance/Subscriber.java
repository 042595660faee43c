package io.liftbridge.test.conformance;

import java.util.List;

import io.liftbridge.proto.Message;
import io.liftbridge.proto.SubscribeRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps what a subscription delivers.
 */
final class Subscriber extends Recording<SubscribeRequest, Message> {

	/**
	 * Waits for the empty message that tells that the subscription is set up.
	 */
	Subscriber live() {
		assertThat(next()).isEqualTo(Message.getDefaultInstance());
		return this;
	}

	List<Long> offsets(int count) {
		return next(count).stream().map(Message::getOffset).toList();
	}

	List<Long> offsetsUntilEnd() {
		return untilEnd().stream().map(Message::getOffset).toList();
	}

	List<String> values(int count) {
		return next(count).stream().map((message) -> message.getValue().toStringUtf8()).toList();
	}

}
