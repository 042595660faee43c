package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.BatchElement;
import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls filter and interceptor around a batch listener.
 */
final class InterceptedBatchListener implements BatchListener {

	private final BatchListener listener;

	private final @Nullable MessageFilter filter;

	private final @Nullable BatchInterceptor interceptor;

	InterceptedBatchListener(BatchListener listener, @Nullable MessageFilter filter,
			@Nullable BatchInterceptor interceptor) {
		this.listener = listener;
		this.filter = filter;
		this.interceptor = interceptor;
	}

	@Override
	public @Nullable Object prepare(ReceivedMessage<byte[]> message) throws Exception {
		if (this.filter != null && !this.filter.accepts(message)) {
			return null;
		}
		Object element = this.listener.prepare(message);
		return (this.interceptor != null) ? BatchElement.of(message, element) : element;
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment) throws Exception {
		return intercepted(batch, acknowledgment, (elements) -> this.listener.onBatch(elements, acknowledgment));
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment,
			ListenerContext context) throws Exception {
		return intercepted(batch, acknowledgment,
				(elements) -> this.listener.onBatch(elements, acknowledgment, context));
	}

	private @Nullable CompletableFuture<?> intercepted(List<Object> batch, Acknowledgment acknowledgment, Call call)
			throws Exception {
		BatchInterceptor around = this.interceptor;
		if (around == null) {
			return call.on(batch);
		}
		List<ReceivedMessage<byte[]>> messages = BatchElement.messages(batch);
		if (!around.before(messages)) {
			acknowledgment.acknowledge();
			return null;
		}
		List<Object> elements = BatchElement.prepared(batch);
		return Interception.around(() -> call.on(elements), () -> around.success(messages),
				(failure) -> around.failure(messages, failure), () -> around.after(messages));
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

	/** Calls the listener. */
	@FunctionalInterface
	private interface Call {

		@Nullable CompletableFuture<?> on(List<Object> batch) throws Exception;

	}

}
