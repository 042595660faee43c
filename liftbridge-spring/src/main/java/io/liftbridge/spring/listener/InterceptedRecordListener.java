package io.liftbridge.spring.listener;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls filter and interceptor around a listener.
 */
final class InterceptedRecordListener implements RecordListener {

	private final RecordListener listener;

	private final @Nullable MessageFilter filter;

	private final @Nullable RecordInterceptor interceptor;

	InterceptedRecordListener(RecordListener listener, @Nullable MessageFilter filter,
			@Nullable RecordInterceptor interceptor) {
		this.listener = listener;
		this.filter = filter;
		this.interceptor = interceptor;
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack)
			throws Exception {
		return intercepted(message, ack, (wanted) -> this.listener.onMessage(wanted, ack));
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack,
			ListenerContext context) throws Exception {
		return intercepted(message, ack, (wanted) -> this.listener.onMessage(wanted, ack, context));
	}

	private @Nullable CompletableFuture<?> intercepted(ReceivedMessage<byte[]> message, Acknowledgment ack, Call call)
			throws Exception {
		if (this.filter != null && !this.filter.accepts(message)) {
			ack.acknowledge();
			return null;
		}
		RecordInterceptor around = this.interceptor;
		if (around == null) {
			return call.on(message);
		}
		ReceivedMessage<byte[]> wanted = around.before(message);
		if (wanted == null) {
			ack.acknowledge();
			return null;
		}
		return Interception.around(() -> call.on(wanted), () -> around.success(wanted),
				(failure) -> around.failure(wanted, failure), () -> around.after(wanted));
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

	/** Calls the listener. */
	@FunctionalInterface
	private interface Call {

		@Nullable CompletableFuture<?> on(ReceivedMessage<byte[]> message) throws Exception;

	}

}
