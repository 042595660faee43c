package io.liftbridge.client.topic;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.liftbridge.client.message.ReceivedMessage;
import tools.jackson.databind.JsonNode;

/**
 * Definitions as JSON, always written in the same way, so that equal ones are equal
 * texts.
 */
final class DescriptionCodec {

	private DescriptionCodec() {
	}

	static byte[] write(TopicDescription topic) {
		return text(topic).getBytes(StandardCharsets.UTF_8);
	}

	static String text(TopicDescription topic) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("topic", topic.stream());
		fields.put("partitions", topic.partitions());
		fields.put("serializer", part(topic.serializer()));
		fields.put("validator", part(topic.validator()));
		fields.put("selector", part(topic.selector()));
		return Json.MAPPER.writeValueAsString(fields);
	}

	private static Map<String, Object> part(Part part) {
		return Map.of("name", part.name(), "config", part.config());
	}

	static TopicDescription read(ReceivedMessage<byte[]> message) {
		JsonNode tree = Json.tree(message.value());
		return new TopicDescription(tree.required("topic").asString(), tree.required("partitions").asInt(),
				part(tree.required("serializer")), part(tree.required("validator")), part(tree.required("selector")));
	}

	private static Part part(JsonNode tree) {
		return new Part(tree.required("name").asString(), Json.map(tree.required("config")));
	}

}
