package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to deliver.
 *
 * @param listenerId id of the listener
 * @param stream where the message comes from
 * @param partition where the message comes from
 * @param attempt counted from 1
 */
record AttemptContext(String listenerId, String stream, int partition, int attempt) implements ListenerContext {

	/**
	 * The next attempt.
	 * @param first the first message
	 * @param failure the attempts before, {@code null} for none
	 */
	static AttemptContext of(DeliveryContext context, ReceivedMessage<byte[]> first,
			@Nullable ListenerFailure failure) {
		return new AttemptContext(context.listenerId(), first.stream(), first.partition(),
				(failure != null) ? failure.attempts() + 1 : 1);
	}

}
