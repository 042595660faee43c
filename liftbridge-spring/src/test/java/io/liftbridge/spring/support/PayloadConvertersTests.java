package io.liftbridge.spring.support;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.ResolvableType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PayloadConvertersTests {

	private final PayloadConverters converters = PayloadConverters.defaults();

	@Test
	void takesTheFirstConverterThatCan() {
		PayloadConverters own = PayloadConverters.withDefaults(List.of(new Reversed()));
		assertThat(own.write("abc").value()).isEqualTo("cba".getBytes(StandardCharsets.UTF_8));
		assertThat(own.read("cba".getBytes(StandardCharsets.UTF_8), ResolvableType.forClass(String.class), null))
			.isEqualTo("abc");
		assertThat(own.write(new byte[] { 1 }).value()).containsExactly(1);
	}

	@Test
	void anObjectIsReadByItsContentType() {
		byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
		ResolvableType any = ResolvableType.forClass(Object.class);
		assertThat(this.converters.read(json, any, "application/json")).isEqualTo(Map.of("a", 1));
		assertThat(this.converters.read(json, any, "text/plain;charset=UTF-8")).isEqualTo("{\"a\":1}");
		assertThat(this.converters.read(json, any, null)).isEqualTo(json);
		assertThat(this.converters.read(json, any, "image/png")).isEqualTo(json);
	}

	@Test
	void convertersAreChosenByContentType() {
		PayloadConverters own = PayloadConverters.of(List.of(new BytesPayloadConverter(), new StringPayloadConverter(),
				new JacksonPayloadConverter(), new Lines()));
		List<String> lines = List.of("a", "b");
		assertThat(own.write(lines, "text/x-lines").value()).isEqualTo("a\nb".getBytes(StandardCharsets.UTF_8));
		assertThat(own.write(lines, "text/x-lines;v=2").contentType()).isEqualTo("text/x-lines;v=2");
		assertThat(own.write(lines).contentType()).isEqualTo("application/json");
		assertThat(own.write(lines, "application/vnd.lines+json").contentType())
			.isEqualTo("application/vnd.lines+json");
		assertThat(own.write(lines, "image/png").contentType()).isEqualTo("application/json");
		assertThat(own.write("{}", "application/json").value()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
		ResolvableType list = ResolvableType.forClassWithGenerics(List.class, String.class);
		byte[] text = "a\nb".getBytes(StandardCharsets.UTF_8);
		byte[] json = "[\"a\",\"b\"]".getBytes(StandardCharsets.UTF_8);
		assertThat(own.read(text, list, "text/x-lines; charset=UTF-8")).isEqualTo(lines);
		assertThat(own.read(json, list, "application/json")).isEqualTo(lines);
		assertThat(own.read(json, list, null)).isEqualTo(lines);
		assertThat(own.read(json, ResolvableType.forClass(String.class), "application/json"))
			.isEqualTo("[\"a\",\"b\"]");
	}

	@Test
	void readsGenericTypes() {
		ResolvableType type = ResolvableType.forClassWithGenerics(List.class, Integer.class);
		assertThat(this.converters.read("[1,2]".getBytes(StandardCharsets.UTF_8), type, null)).isEqualTo(List.of(1, 2));
	}

	@Test
	void readsVariablesThatAreBoundByThemselves() throws Exception {
		ResolvableType type = ResolvableType
			.forMethodParameter(Flattener.class.getDeclaredMethod("flatten", List.class), 0);
		assertThat(this.converters.read("[[1], []]".getBytes(StandardCharsets.UTF_8), type, null))
			.isEqualTo(List.of(List.of(1), List.of()));
	}

	@Test
	void saysWhereJsonIsWrongWithoutQuotingIt() {
		byte[] json = "{\"secret\": \"hunter2\", }".getBytes(StandardCharsets.UTF_8);
		assertThatThrownBy(() -> this.converters.read(json, ResolvableType.forClass(Map.class), null))
			.isInstanceOf(PayloadConversionException.class)
			.hasMessageContaining("java.util.Map")
			.hasMessageContaining("line 1, column")
			.hasMessageNotContaining("hunter2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"items":[{"quantity":"hunter2"}]} | field 'items[0].quantity': not a int
			{"items":[{"quantity":-1}]}        | IllegalArgumentException: quantity must not be negative
			{"items":[{"quantity":1,"weight":1}]} | field 'items[0].weight': the type has no such field, but [quantity]
			{"items":{}}                       | field 'items': not a
			""")
	void namesTheFieldThatIsWrongAndWhy(String json, String text) {
		PayloadConverters strict = PayloadConverters.of(List.of(new JacksonPayloadConverter(
				JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build())));
		assertThatThrownBy(
				() -> strict.read(json.getBytes(StandardCharsets.UTF_8), ResolvableType.forClass(Order.class), null))
			.isInstanceOf(PayloadConversionException.class)
			.hasMessageContaining(text)
			.hasMessageContaining("line 1, column")
			.hasMessageNotContaining("hunter2")
			.hasCauseInstanceOf(JacksonException.class);
	}

	@Test
	void saysThatAValueIsEmpty() {
		assertThatThrownBy(() -> this.converters.read(new byte[0], ResolvableType.forClass(Order.class), null))
			.isInstanceOf(PayloadConversionException.class)
			.hasMessageContaining("The value is empty")
			.hasMessageContaining("Order");
	}

	@Test
	void saysWhatIsMissingForATypeThatNobodyReads() {
		PayloadConverters plain = PayloadConverters.of(List.of(new BytesPayloadConverter()));
		assertThatThrownBy(() -> plain.write(3)).isInstanceOf(PayloadConversionException.class)
			.hasMessageContaining("java.lang.Integer")
			.hasMessageContaining("PayloadConverter");
		assertThatThrownBy(() -> plain.read(new byte[0], ResolvableType.forClass(Integer.class), null))
			.isInstanceOf(PayloadConversionException.class);
	}

	record Order(List<Item> items) {
	}

	record Item(int quantity) {

		Item {
			if (quantity < 0) {
				throw new IllegalArgumentException("quantity must not be negative");
			}
		}

	}

	private static final class Reversed implements PayloadConverter {

		@Override
		public boolean canWrite(Class<?> type) {
			return type == String.class;
		}

		@Override
		public byte[] write(Object payload) {
			return new StringBuilder(payload.toString()).reverse().toString().getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public @Nullable String contentType() {
			return "text/reversed";
		}

		@Override
		public boolean canRead(ResolvableType type, @Nullable String contentType) {
			return type.resolve() == String.class;
		}

		@Override
		public Object read(byte[] value, ResolvableType type) {
			return new StringBuilder(new String(value, StandardCharsets.UTF_8)).reverse().toString();
		}

	}

	interface Flattener<T extends List<T>> {

		void flatten(List<T> values);

	}

	/** Lists as lines of text. */
	private static final class Lines implements PayloadConverter {

		@Override
		public boolean canWrite(Class<?> type) {
			return List.class.isAssignableFrom(type);
		}

		@Override
		public byte[] write(Object payload) {
			return String.join("\n", ((List<?>) payload).stream().map(String::valueOf).toList())
				.getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public String contentType() {
			return "text/x-lines";
		}

		@Override
		public boolean canRead(ResolvableType type, @Nullable String contentType) {
			return type.resolve() == List.class;
		}

		@Override
		public Object read(byte[] value, ResolvableType type) {
			return List.of(new String(value, StandardCharsets.UTF_8).split("\n"));
		}

	}

}
