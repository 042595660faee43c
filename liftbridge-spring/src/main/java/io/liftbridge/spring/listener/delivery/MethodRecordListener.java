package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A method for single messages.
 */
final class MethodRecordListener implements RecordListener {

	private final InvocableHandlerMethod method;

	private final PayloadReader reader;

	private final ReplySender replies;

	MethodRecordListener(InvocableHandlerMethod method, PayloadReader reader, ReplySender replies) {
		this.method = method;
		this.reader = reader;
		this.replies = replies;
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment)
			throws Exception {
		Object result = this.method.invoke(this.reader.raw(message, acknowledgment));
		return this.replies.send(result, message.key());
	}

	@Override
	public String toString() {
		return this.method.getShortLogMessage();
	}

}
