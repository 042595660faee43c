package io.liftbridge.test;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where AssertJ's assertions for Liftbridge begin. Goes together with a static import of
 * AssertJ's own {@code assertThat}.
 */
public final class LiftbridgeAssertions {

	private LiftbridgeAssertions() {
	}

	/**
	 * Begins assertions on a message.
	 * @param actual the message
	 * @param <T> type of its value
	 * @return the assertions
	 */
	public static <T> ReceivedMessageAssert<T> assertThat(@Nullable ReceivedMessage<T> actual) {
		return new ReceivedMessageAssert<>(actual);
	}

	/**
	 * Begins assertions on the messages of a stream.
	 * @param actual the messages
	 * @return assertions that wait
	 */
	public static StreamMessagesAssert assertThat(StreamMessages actual) {
		return actual.assertThat();
	}

}
