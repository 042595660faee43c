package io.liftbridge.spring.observation;

import java.util.List;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call of a listener. A call for one message goes on with the trace
 * of the message. A call for a list may be about many traces, so that it begins one of
 * its own; see {@link BatchLinksObservationHandler}.
 */
public final class LiftbridgeReceiverContext extends ReceiverContext<Headers> {

	private final String listenerId;

	private final @Nullable String group;

	private final List<ReceivedMessage<byte[]>> messages;

	private final boolean batch;

	private final int attempt;

	/**
	 * Creates it.
	 * @param listenerId the listener's id
	 * @param group its consumer group, {@code null} for none
	 * @param messages the messages, at least one
	 * @param batch whether the listener takes lists
	 * @param attempt which attempt it is, counted from 1
	 */
	public LiftbridgeReceiverContext(String listenerId, @Nullable String group, List<ReceivedMessage<byte[]>> messages,
			boolean batch, int attempt) {
		super((headers, name) -> (headers != null) ? headers.text(name) : null);
		this.listenerId = listenerId;
		this.group = group;
		this.messages = messages;
		this.batch = batch;
		this.attempt = attempt;
		setCarrier(batch ? Headers.empty() : messages.get(0).headers());
		setRemoteServiceName("Liftbridge");
	}

	/**
	 * Tells which listener it is.
	 * @return the listener's id
	 */
	public String getListenerId() {
		return this.listenerId;
	}

	/**
	 * Tells the consumer group.
	 * @return the group's name, or {@code null}
	 */
	public @Nullable String getGroup() {
		return this.group;
	}

	/**
	 * Tells the stream.
	 * @return the stream's name
	 */
	public String getStream() {
		return this.messages.get(0).stream();
	}

	/**
	 * Tells what is processed.
	 * @return the messages, at least one
	 */
	public List<ReceivedMessage<byte[]>> getMessages() {
		return this.messages;
	}

	/**
	 * Tells whether the listener takes lists.
	 * @return whether it does, also where there is one message only
	 */
	public boolean isBatch() {
		return this.batch;
	}

	/**
	 * Tells which attempt it is.
	 * @return the attempt, counted from 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

}
