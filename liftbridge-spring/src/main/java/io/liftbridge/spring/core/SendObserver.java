package io.liftbridge.spring.core;

import java.util.List;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Accompanies messages from when a {@link DefaultProducerFactory} is about to send them
 * to their fate, and may add to their headers, for instance where a trace goes on. Unlike
 * a {@link PublishInterceptor} it hears of the end in every case, also where nothing was
 * sent at all. Must be safe for use by many threads and must not block. What it throws is
 * logged, and the message is sent as it is.
 */
public interface SendObserver {

	/**
	 * Messages are about to be sent to a stream: one, or those of one batch entry. Called
	 * by the sending thread, after interceptors.
	 * @param stream the stream's name
	 * @param messages the messages, at least one
	 * @return what to send and who is told its fate; {@code null} to send the messages as
	 * they are and to hear no more of them
	 */
	@Nullable Observed begin(String stream, List<Message> messages);

	/**
	 * A message is about to be published to a NATS subject. Called by the sending thread,
	 * after interceptors.
	 * @param subject the subject
	 * @param message the message
	 * @return what to send and who is told its fate; {@code null} to send the message as
	 * it is and to hear no more of it
	 */
	@Nullable Observed beginToSubject(String subject, Message message);

	/**
	 * What is on its way. It ends once, by one of {@link #acked} and {@link #failed},
	 * which any thread may call.
	 */
	interface Observed {

		/**
		 * What to send.
		 * @return as many messages as there were, in their order; each of them made for
		 * this one send, as its fate is told by the message
		 */
		List<Message> messages();

		/**
		 * All of it is stored.
		 * @param ack where and when; of several messages that of the last one to be
		 * acknowledged
		 */
		void acked(Ack ack);

		/**
		 * Some of it failed.
		 * @param cause why the first one did
		 */
		void failed(Throwable cause);

	}

}
