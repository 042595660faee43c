package io.liftbridge.spring.listener;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.Acknowledgment;
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
		if (this.filter != null && !this.filter.accepts(message)) {
			ack.acknowledge();
			return null;
		}
		RecordInterceptor around = this.interceptor;
		if (around == null) {
			return this.listener.onMessage(message, ack);
		}
		ReceivedMessage<byte[]> wanted = around.before(message);
		if (wanted == null) {
			ack.acknowledge();
			return null;
		}
		return Interception.around(() -> this.listener.onMessage(wanted, ack), () -> around.success(wanted),
				(failure) -> around.failure(wanted, failure), () -> around.after(wanted));
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

}
