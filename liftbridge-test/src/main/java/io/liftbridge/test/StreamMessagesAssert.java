package io.liftbridge.test;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import io.liftbridge.client.message.ReceivedMessage;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on the messages of a stream, in the order in which brokers received them.
 * Each waits for up to {@link LiftbridgeTestUtils#TIMEOUT}, or {@link #within}, until it
 * holds.
 */
public final class StreamMessagesAssert extends AbstractAssert<StreamMessagesAssert, StreamMessages> {

	private Duration timeout = LiftbridgeTestUtils.TIMEOUT;

	StreamMessagesAssert(StreamMessages actual) {
		super(actual, StreamMessagesAssert.class);
	}

	/**
	 * Sets how long the assertions that follow wait.
	 * @param timeout the time
	 * @return this
	 */
	public StreamMessagesAssert within(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Waits for a number of messages. Does not wait for more: whether one more comes
	 * later nobody knows.
	 * @param expected how many there are
	 * @return this
	 */
	public StreamMessagesAssert hasSize(int expected) {
		await("has " + expected + " messages",
				(messages) -> (messages.size() < expected) ? "it has " + describe(messages) : null);
		List<ReceivedMessage<byte[]>> messages = this.actual.now();
		if (messages.size() != expected) {
			throw failureWithActualExpected(messages.size(), expected, "Stream '%s' has %s, not %s",
					this.actual.stream(), describe(messages), expected);
		}
		return this;
	}

	/**
	 * Waits for a number of messages, or more.
	 * @param expected how many there are at least
	 * @return this
	 */
	public StreamMessagesAssert hasSizeAtLeast(int expected) {
		return await("has " + expected + " messages or more",
				(messages) -> (messages.size() < expected) ? "it has " + describe(messages) : null);
	}

	/**
	 * Says that there are no messages now. Does not wait.
	 * @return this
	 */
	public StreamMessagesAssert isEmpty() {
		List<ReceivedMessage<byte[]>> messages = this.actual.now();
		if (!messages.isEmpty()) {
			throw failure("Stream '%s' should have no messages, but has %s", this.actual.stream(), describe(messages));
		}
		return this;
	}

	/**
	 * Waits for a message.
	 * @param requirements what holds for it
	 * @return this
	 */
	public StreamMessagesAssert anySatisfy(Consumer<? super ReceivedMessage<byte[]>> requirements) {
		return untilHolds((messages) -> Assertions.assertThat(messages).anySatisfy(requirements));
	}

	/**
	 * Waits until something holds for all messages together.
	 * @param requirements fails with an {@link AssertionError} if it does not hold
	 * @return this
	 */
	public StreamMessagesAssert untilHolds(Consumer<? super List<ReceivedMessage<byte[]>>> requirements) {
		return await("fulfills the requirements", (messages) -> {
			try {
				requirements.accept(messages);
				return null;
			}
			catch (AssertionError ex) {
				return ex.getMessage() + "; it has " + describe(messages);
			}
		});
	}

	/**
	 * Waits for the first message.
	 * @return assertions on it
	 */
	public ReceivedMessageAssert<byte[]> first() {
		return element(0);
	}

	/**
	 * Waits for a message.
	 * @param index its place, counted from 0
	 * @return assertions on it
	 */
	public ReceivedMessageAssert<byte[]> element(int index) {
		hasSizeAtLeast(index + 1);
		return new ReceivedMessageAssert<>(this.actual.now().get(index));
	}

	/**
	 * Waits for a message.
	 * @return assertions on the newest there is
	 */
	public ReceivedMessageAssert<byte[]> last() {
		hasSizeAtLeast(1);
		List<ReceivedMessage<byte[]>> messages = this.actual.now();
		return new ReceivedMessageAssert<>(messages.get(messages.size() - 1));
	}

	/**
	 * Goes on with the values there are now, as text. Wait before, for instance with
	 * {@link #hasSize}.
	 * @return assertions on the list
	 */
	public ListAssert<String> texts() {
		return Assertions.assertThat(this.actual.now().stream().map(ReceivedMessage::text).toList());
	}

	private StreamMessagesAssert await(String what, Function<List<ReceivedMessage<byte[]>>, @Nullable String> missing) {
		Polling.until(this.timeout, "stream '" + this.actual.stream() + "' " + what,
				() -> missing.apply(this.actual.now()));
		return this;
	}

	private static String describe(List<ReceivedMessage<byte[]>> messages) {
		return messages.size() + ": " + messages.stream().limit(10).map(StreamMessagesAssert::brief).toList();
	}

	private static String brief(ReceivedMessage<byte[]> message) {
		String text = message.text();
		return message.partition() + "@" + message.offset() + " " + message.keyText() + "="
				+ ((text.length() > 60) ? text.substring(0, 60) + "..." : text);
	}

}
