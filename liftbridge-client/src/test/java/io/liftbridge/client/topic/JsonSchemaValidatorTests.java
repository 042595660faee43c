package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonSchemaValidatorTests {

	private static final String SCHEMA = """
			{"type": "object", "required": ["id"],
			 "properties": {"id": {"type": "integer", "minimum": 1},
			                "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}}},
			 "$defs": {"line": {"type": "object", "properties": {"sku": {"type": "string"}}}}}""";

	private final JsonSchemaValidator validator = JsonSchemaValidator.of(SCHEMA);

	@Test
	void acceptsWhatFits() {
		assertThatCode(() -> this.validator.validate("{\"id\": 1, \"lines\": [{\"sku\": \"a\"}], \"more\": 1}"))
			.doesNotThrowAnyException();
		assertThatCode(() -> this.validator.validate(new Order(3))).doesNotThrowAnyException();
	}

	@Test
	void saysWhereAnEventIsWrong() {
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> this.validator.validate("{\"id\": 1, \"lines\": [{\"sku\": \"a\"}, {\"sku\": 5}]}"))
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$.lines[1].sku"))
			.withMessageContaining("string");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.validator.validate(new Order(0)))
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$.id"));
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.validator.validate("{}"))
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$"))
			.withMessageContaining("id");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.validator.validate("{\"id\""))
			.withMessageContaining("no JSON");
	}

	@Test
	void isFoundAgain() {
		JsonSchemaValidator again = JsonSchemaValidator.of(this.validator.part());
		assertThat(again.part()).isEqualTo(this.validator.part());
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> again.validate("{\"id\": 0}"));
	}

	@Test
	void refusesSchemasThatCannotBeUsed() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> JsonSchemaValidator.of("{"))
			.withMessageContaining("no JSON");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> JsonSchemaValidator.of("[]"))
			.withMessageContaining("no object");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> JsonSchemaValidator.of("{\"$ref\": \"http://127.0.0.1:1/schema.json\"}"))
			.withMessageContaining("cannot be used");
	}

	record Order(int id) {
	}

}
