package io.liftbridge.test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.liftbridge.client.message.ReceivedMessage;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ObjectAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a message. Those on JSON need Jackson 3.
 *
 * @param <T> type of the message's value
 */
public final class ReceivedMessageAssert<T> extends AbstractAssert<ReceivedMessageAssert<T>, ReceivedMessage<T>> {

	ReceivedMessageAssert(@Nullable ReceivedMessage<T> actual) {
		super(actual, ReceivedMessageAssert.class);
	}

	/**
	 * Compares the value.
	 * @param expected the value; arrays of bytes are compared by content
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasValue(T expected) {
		isNotNull();
		Object value = this.actual.value();
		boolean same = (value instanceof byte[] bytes && expected instanceof byte[] wanted)
				? Arrays.equals(bytes, wanted) : expected.equals(value);
		return require(same, "value", this.actual.text(),
				(expected instanceof byte[] wanted) ? new String(wanted, StandardCharsets.UTF_8) : expected);
	}

	/**
	 * Compares the value as text.
	 * @param expected the text
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasText(String expected) {
		isNotNull();
		return require(expected.equals(this.actual.text()), "text", this.actual.text(), expected);
	}

	/**
	 * Compares the key as text.
	 * @param expected the key, {@code null} for none
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasKey(@Nullable String expected) {
		isNotNull();
		String key = this.actual.keyText();
		return require((expected != null) ? expected.equals(key) : key == null, "key", key, expected);
	}

	/**
	 * Says that there is no key.
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasNoKey() {
		return hasKey(null);
	}

	/**
	 * Compares a header as text.
	 * @param name the header's name
	 * @param expected its value
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasHeader(String name, String expected) {
		hasHeader(name);
		String value = this.actual.headers().text(name);
		return require(expected.equals(value), "header '" + name + "'", value, expected);
	}

	/**
	 * Says that there is a header.
	 * @param name the header's name
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasHeader(String name) {
		isNotNull();
		if (this.actual.headers().get(name) == null) {
			throw failure("Expecting %s to have header '%s', but it has %s", this.actual, name,
					this.actual.headers().names());
		}
		return this;
	}

	/**
	 * Says that there is no such header.
	 * @param name the header's name
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasNoHeader(String name) {
		isNotNull();
		String value = this.actual.headers().text(name);
		if (value != null) {
			throw failure("Expecting %s to have no header '%s', but it is '%s'", this.actual, name, value);
		}
		return this;
	}

	/**
	 * Compares the offset.
	 * @param expected the offset
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasOffset(long expected) {
		isNotNull();
		return require(this.actual.offset() == expected, "offset", this.actual.offset(), expected);
	}

	/**
	 * Compares the partition.
	 * @param expected the partition's number
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasPartition(int expected) {
		isNotNull();
		return require(this.actual.partition() == expected, "partition", this.actual.partition(), expected);
	}

	/**
	 * Compares the stream.
	 * @param expected the stream's name
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasStream(String expected) {
		isNotNull();
		return require(this.actual.stream().equals(expected), "stream", this.actual.stream(), expected);
	}

	/**
	 * Compares the NATS subject.
	 * @param expected the subject
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasSubject(String expected) {
		isNotNull();
		return require(this.actual.subject().equals(expected), "subject", this.actual.subject(), expected);
	}

	/**
	 * Compares the value as JSON, whatever the order of properties and the blanks.
	 * @param expected the JSON
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasJson(String expected) {
		isNotNull();
		MessageJson actual = MessageJson.of(this.actual);
		MessageJson wanted = MessageJson.of(expected);
		return require(actual.equals(wanted), "JSON", actual, wanted);
	}

	/**
	 * Compares a part of the value as JSON.
	 * @param pointer a JSON Pointer, such as {@code /customer/name}
	 * @param expected the part, as a string, number, boolean, list, map or record;
	 * {@code null} for JSON's null
	 * @return this
	 */
	public ReceivedMessageAssert<T> hasJson(String pointer, @Nullable Object expected) {
		isNotNull();
		MessageJson found = MessageJson.of(this.actual).at(pointer);
		if (found == null) {
			throw failure("Expecting %s to have something at %s of its JSON, but it is%n%s", this.actual, pointer,
					this.actual.text());
		}
		MessageJson wanted = MessageJson.ofObject(expected);
		return require(found.equals(wanted), "JSON at " + pointer, found, wanted);
	}

	/**
	 * Reads the value as JSON.
	 * @param type what to make of it
	 * @param <U> the type
	 * @return assertions on that
	 */
	public <U> ObjectAssert<U> json(Class<U> type) {
		isNotNull();
		return Assertions.assertThat(MessageJson.read(this.actual, type));
	}

	private ReceivedMessageAssert<T> require(boolean condition, String what, @Nullable Object actual,
			@Nullable Object expected) {
		if (!condition) {
			throw failureWithActualExpected(actual, expected, "Expecting %s to have %s%n  %s%nbut it has%n  %s",
					this.actual, what, expected, actual);
		}
		return this;
	}

}
