package io.liftbridge.client.topic;

import java.util.Map;

import io.liftbridge.client.message.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Refuses events that do not keep to a JSON schema, of draft 2020-12 unless it names
 * another one. Needs {@code com.networknt:json-schema-validator} 3. What a schema refers
 * to must be part of it: nothing is fetched. Of events with metadata the metadata is
 * looked at, of other objects what Jackson makes of them.
 */
public final class JsonSchemaValidator implements EventValidator<Object>, Named {

	static final String NAME = "json-schema";

	private static final String SCHEMA = "schema";

	private final SchemaCheck check;

	private final Part part;

	private JsonSchemaValidator(JsonNode document) {
		this.check = new SchemaCheck(document);
		this.part = new Part(NAME, Map.of(SCHEMA, Json.map(document)));
	}

	/**
	 * Creates the validator.
	 * @param schema the schema as JSON
	 * @return the validator
	 * @throws InvalidRequestException if the schema cannot be used, or the library is
	 * missing
	 */
	public static JsonSchemaValidator of(String schema) {
		require();
		return new JsonSchemaValidator(Json.document("The JSON schema", schema));
	}

	static JsonSchemaValidator of(Part part) {
		require();
		return new JsonSchemaValidator(Json.MAPPER.valueToTree(part.map(SCHEMA)));
	}

	private static void require() {
		Jackson.require("A validator by JSON schema");
		Jackson.require("A validator by JSON schema", "com.networknt.schema.SchemaRegistry",
				"com.networknt:json-schema-validator (3.0 or newer)");
	}

	@Override
	public void validate(Object event) {
		this.check.validate(event);
	}

	@Override
	public Part part() {
		return this.part;
	}

	@Override
	public String toString() {
		return this.part.toString();
	}

}
