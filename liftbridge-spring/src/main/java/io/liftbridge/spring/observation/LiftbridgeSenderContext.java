package io.liftbridge.spring.observation;

import java.util.List;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a send: one message, or the records of one batch entry, each of which
 * gets the headers of the trace.
 */
public final class LiftbridgeSenderContext extends SenderContext<List<Message.Builder>> {

	private final String destination;

	private final boolean subject;

	private final List<Message> messages;

	private volatile @Nullable Ack ack;

	/**
	 * Creates it.
	 * @param destination name of the stream, or the NATS subject
	 * @param subject whether it is a subject
	 * @param messages what is sent, at least one
	 */
	public LiftbridgeSenderContext(String destination, boolean subject, List<Message> messages) {
		super((builders, name, value) -> {
			if (builders != null) {
				builders.forEach((builder) -> builder.header(name, value));
			}
		});
		this.destination = destination;
		this.subject = subject;
		this.messages = messages;
		setCarrier(messages.stream().map(Message::toBuilder).toList());
		setRemoteServiceName("Liftbridge");
	}

	/**
	 * Tells where it goes.
	 * @return name of the stream, or the NATS subject
	 */
	public String getDestination() {
		return this.destination;
	}

	/**
	 * Tells what kind of destination that is.
	 * @return whether it is a NATS subject
	 */
	public boolean isSubject() {
		return this.subject;
	}

	/**
	 * Tells what is sent.
	 * @return the messages as they are without the headers of the trace
	 */
	public List<Message> getMessages() {
		return this.messages;
	}

	/**
	 * Tells where it was stored.
	 * @return the acknowledgement of the message, or of the last one; {@code null} until
	 * there is one
	 */
	public @Nullable Ack getAck() {
		return this.ack;
	}

	void setAck(Ack ack) {
		this.ack = ack;
	}

}
