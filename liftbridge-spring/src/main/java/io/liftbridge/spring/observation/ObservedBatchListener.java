package io.liftbridge.spring.observation;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.BatchElement;
import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a listener for lists within an observation: one for the list, whatever there is
 * in it.
 */
final class ObservedBatchListener implements BatchListener {

	private final MicrometerListenerObserver observer;

	private final String listenerId;

	private final @Nullable String group;

	private final BatchListener listener;

	ObservedBatchListener(MicrometerListenerObserver observer, String listenerId, @Nullable String group,
			BatchListener listener) {
		this.observer = observer;
		this.listenerId = listenerId;
		this.group = group;
		this.listener = listener;
	}

	@Override
	public @Nullable Object prepare(ReceivedMessage<byte[]> message) throws Exception {
		return BatchElement.of(message, this.listener.prepare(message));
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment) throws Exception {
		return this.observer.call(context(batch, 1),
				() -> this.listener.onBatch(BatchElement.prepared(batch), acknowledgment));
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment,
			ListenerContext context) throws Exception {
		return this.observer.call(context(batch, context.attempt()),
				() -> this.listener.onBatch(BatchElement.prepared(batch), acknowledgment, context));
	}

	private LiftbridgeReceiverContext context(List<Object> batch, int attempt) {
		return new LiftbridgeReceiverContext(this.listenerId, this.group, BatchElement.messages(batch), true, attempt);
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

}
