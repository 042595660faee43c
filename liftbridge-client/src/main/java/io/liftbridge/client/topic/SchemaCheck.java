package io.liftbridge.client.topic;

import java.util.List;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * What needs the library for JSON schemas, which is optional: apart, as a class that
 * names its exceptions cannot even be loaded without it.
 */
final class SchemaCheck {

	private final Schema schema;

	SchemaCheck(JsonNode document) {
		if (!document.isObject()) {
			throw new InvalidRequestException("The JSON schema is no object: " + document, null);
		}
		try {
			this.schema = SchemaRegistry
				.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
						(registry) -> registry.schemaLoader((loader) -> loader.fetchRemoteResources(false)))
				.getSchema(document);
			this.schema.initializeValidators();
		}
		catch (SchemaException ex) {
			throw new InvalidRequestException("The JSON schema cannot be used: " + ex.getMessage(), ex);
		}
	}

	void validate(Object event) {
		List<Error> errors = this.schema.validate(Json.tree(event));
		if (!errors.isEmpty()) {
			Error first = errors.get(0);
			String more = (errors.size() > 1) ? " (and " + (errors.size() - 1) + " more)" : "";
			throw new InvalidEventException(path(first), first.getMessage() + more);
		}
	}

	/** From {@code /a/0/b} to {@code $.a[0].b}. */
	private static String path(Error error) {
		StringBuilder path = new StringBuilder("$");
		String location = error.getInstanceLocation().toString();
		for (String step : location.startsWith("$") ? new String[0] : location.split("/")) {
			if (!step.isEmpty()) {
				String name = step.replace("~1", "/").replace("~0", "~");
				path.append(
						name.chars().allMatch(Character::isDigit) ? "[" + name + "]" : EventPattern.child("", name));
			}
		}
		return location.startsWith("$") ? location : path.toString();
	}

}
