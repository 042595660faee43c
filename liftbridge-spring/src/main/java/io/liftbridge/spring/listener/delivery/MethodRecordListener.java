package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

/**
 * A method for single messages.
 */
final class MethodRecordListener implements RecordListener {

	private final InvocableHandlerMethod method;

	private final ResolvableType payloadType;

	private final PayloadReader reader;

	private final ReplySender replies;

	MethodRecordListener(InvocableHandlerMethod method, ResolvableType payloadType, PayloadReader reader,
			ReplySender replies) {
		this.method = method;
		this.payloadType = payloadType;
		this.reader = reader;
		this.replies = replies;
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment)
			throws Exception {
		return onMessage(message, acknowledgment, AttemptContext.of(this.reader.listenerId(), message));
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment,
			ListenerContext context) throws Exception {
		return invoke(this.reader.raw(message, acknowledgment, context));
	}

	@Nullable CompletableFuture<?> invoke(RawMessage raw) throws Exception {
		return this.replies.send(this.method.invoke(raw), raw.message().key(), () -> request(raw));
	}

	/** The message as the method has seen it, for expressions. */
	private GenericMessage<?> request(RawMessage raw) {
		Object payload = this.reader.payload(raw.message(), this.payloadType, true);
		return new GenericMessage<>((payload != null) ? payload : raw.getPayload(), raw.getHeaders());
	}

	ResolvableType payloadType() {
		return this.payloadType;
	}

	@Override
	public String toString() {
		return this.method.getShortLogMessage();
	}

}
