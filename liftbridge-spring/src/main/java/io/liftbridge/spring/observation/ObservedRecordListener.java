package io.liftbridge.spring.observation;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a listener for single messages within an observation.
 */
final class ObservedRecordListener implements RecordListener {

	private final MicrometerListenerObserver observer;

	private final String listenerId;

	private final @Nullable String group;

	private final RecordListener listener;

	ObservedRecordListener(MicrometerListenerObserver observer, String listenerId, @Nullable String group,
			RecordListener listener) {
		this.observer = observer;
		this.listenerId = listenerId;
		this.group = group;
		this.listener = listener;
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack)
			throws Exception {
		return this.observer.call(context(message, 1), () -> this.listener.onMessage(message, ack));
	}

	@Override
	public @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack,
			ListenerContext context) throws Exception {
		return this.observer.call(context(message, context.attempt()),
				() -> this.listener.onMessage(message, ack, context));
	}

	private LiftbridgeReceiverContext context(ReceivedMessage<byte[]> message, int attempt) {
		return new LiftbridgeReceiverContext(this.listenerId, this.group, List.of(message), false, attempt);
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

}
