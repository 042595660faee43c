package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Several methods for single messages, one of which is called for each.
 */
final class HandlersListener implements RecordListener {

	private final Class<?> type;

	private final HandlerSelection selection;

	private final PayloadReader reader;

	HandlersListener(Class<?> type, HandlerSelection selection, PayloadReader reader) {
		this.type = type;
		this.selection = selection;
		this.reader = reader;
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack)
			throws Exception {
		return onMessage(message, ack, AttemptContext.of(this.reader.listenerId(), message));
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack,
			ListenerContext context) throws Exception {
		RawMessage raw = this.reader.raw(message, ack, context);
		return this.selection.choose(raw).listener().invoke(raw);
	}

	@Override
	public String toString() {
		return this.type.getName();
	}

}
