package io.liftbridge.client.topic;

import java.util.Map;

import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What needs Jackson, which is optional: only to be touched after
 * {@link Jackson#require}.
 */
final class Json {

	/** Exact numbers, as they are compared; nothing behind the document. */
	static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private Json() {
	}

	/** The event as JSON: of events with metadata it is the metadata. */
	static JsonNode tree(Object event) {
		try {
			JsonNode tree = read(event);
			if (tree.isMissingNode()) {
				throw new InvalidEventException("$", "it is empty, where JSON is expected");
			}
			return tree;
		}
		catch (JacksonException ex) {
			throw new InvalidEventException("The event is no JSON: " + ex.getOriginalMessage(), "$",
					"it is no JSON: " + ex.getOriginalMessage(), ex);
		}
	}

	private static JsonNode read(Object event) {
		if (event instanceof JsonNode node) {
			return node;
		}
		if (event instanceof Event whole) {
			return whole.metadata().json();
		}
		if (event instanceof Metadata metadata) {
			return metadata.json();
		}
		if (event instanceof byte[] bytes) {
			return MAPPER.readTree(bytes);
		}
		if (event instanceof Data data) {
			return MAPPER.readTree(data.toArray());
		}
		return (event instanceof CharSequence text) ? MAPPER.readTree(text.toString()) : MAPPER.valueToTree(event);
	}

	static JsonNode document(String what, String json) {
		JsonNode tree;
		try {
			tree = MAPPER.readTree(json);
		}
		catch (JacksonException ex) {
			throw new InvalidRequestException(what + " is no JSON: " + ex.getOriginalMessage(), ex);
		}
		if (tree.isMissingNode()) {
			throw new InvalidRequestException(what + " is empty.", null);
		}
		return tree;
	}

	static Map<String, Object> map(JsonNode tree) {
		return MAPPER.convertValue(tree, new TypeReference<Map<String, Object>>() {
		});
	}

}
