package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.support.GenericMessage;

/**
 * A message as it was read, for the resolvers of arguments. Used by one thread.
 */
final class RawMessage extends GenericMessage<byte[]> {

	private static final long serialVersionUID = 1L;

	private final transient ReceivedMessage<byte[]> message;

	private transient @Nullable Object payload;

	RawMessage(ReceivedMessage<byte[]> message, RecordHeaders headers) {
		super(message.value(), headers);
		this.message = message;
	}

	ReceivedMessage<byte[]> message() {
		return this.message;
	}

	/** What was converted already, to choose a method by it. */
	@Nullable Object payload() {
		return this.payload;
	}

	void payload(Object payload) {
		this.payload = payload;
	}

}
