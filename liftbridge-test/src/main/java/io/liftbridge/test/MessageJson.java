package io.liftbridge.test;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON to compare. On its own, as Jackson may be missing.
 *
 * @param tree what was read
 */
record MessageJson(JsonNode tree) {

	static MessageJson of(ReceivedMessage<?> message) {
		try {
			return of(message.text());
		}
		catch (JacksonException ex) {
			throw new AssertionError("Expecting " + message + " to have JSON as its value, but it is\n" + message.text()
					+ "\n(" + ex.getOriginalMessage() + ")", ex);
		}
	}

	static MessageJson of(String text) {
		return new MessageJson(JsonMapper.shared().readTree(text));
	}

	/** By way of text, as numbers of different types would differ. */
	static MessageJson ofObject(@Nullable Object value) {
		return of(JsonMapper.shared().writeValueAsString(value));
	}

	static <U> U read(ReceivedMessage<?> message, Class<U> type) {
		try {
			return JsonMapper.shared().readValue(message.text(), type);
		}
		catch (JacksonException ex) {
			throw new AssertionError("Expecting " + message + " to have a value that can be read as "
					+ type.getSimpleName() + ", but it is\n" + message.text() + "\n(" + ex.getOriginalMessage() + ")",
					ex);
		}
	}

	@Nullable MessageJson at(String pointer) {
		JsonNode found = this.tree.at(pointer);
		return found.isMissingNode() ? null : of(found.toString());
	}

	@Override
	public String toString() {
		return this.tree.toPrettyString();
	}

}
