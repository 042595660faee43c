package io.liftbridge.spring.core;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several listeners; one that fails does not keep the others from hearing.
 */
final class CompositeSendListener implements SendListener {

	private static final Logger logger = LoggerFactory.getLogger(CompositeSendListener.class);

	private final List<SendListener> listeners;

	private CompositeSendListener(List<SendListener> listeners) {
		this.listeners = listeners;
	}

	static SendListener of(Collection<? extends SendListener> listeners) {
		return listeners.isEmpty() ? NONE : new CompositeSendListener(List.copyOf(listeners));
	}

	@Override
	public void sent(String stream, Message message) {
		each((listener) -> listener.sent(stream, message));
	}

	@Override
	public void acked(String stream, Message message, Ack ack, long nanos) {
		each((listener) -> listener.acked(stream, message, ack, nanos));
	}

	@Override
	public void failed(String stream, Message message, LiftbridgeException failure) {
		each((listener) -> listener.failed(stream, message, failure));
	}

	private void each(Consumer<SendListener> call) {
		for (SendListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Send listener {} failed", listener, ex);
			}
		}
	}

}
