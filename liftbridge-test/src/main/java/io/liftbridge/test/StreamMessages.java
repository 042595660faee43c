package io.liftbridge.test;

import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import org.assertj.core.api.AssertProvider;

/**
 * The messages of a stream, to be asserted on while they arrive: the assertions that
 * {@code assertThat} has for it wait. A stream that does not exist yet has no messages.
 * Safe for use by many threads.
 *
 * @see LiftbridgeTestTemplate#messages(String)
 */
public final class StreamMessages implements AssertProvider<StreamMessagesAssert> {

	private final LiftbridgeClient client;

	private final String stream;

	StreamMessages(LiftbridgeClient client, String stream) {
		this.client = client;
		this.stream = stream;
	}

	/**
	 * The stream they are in.
	 * @return the stream's name
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * Reads those that are there now.
	 * @return the messages in the order in which brokers received them, empty if the
	 * stream does not exist
	 */
	public List<ReceivedMessage<byte[]>> now() {
		try {
			return LiftbridgeTestUtils.records(this.client, this.stream);
		}
		catch (StreamNotFoundException ex) {
			return List.of();
		}
	}

	/**
	 * Begins assertions, for AssertJ's own {@code assertThat}.
	 * @return assertions that wait
	 */
	@Override
	public StreamMessagesAssert assertThat() {
		return new StreamMessagesAssert(this);
	}

	@Override
	public String toString() {
		return "messages of stream '" + this.stream + "'";
	}

}
