package io.liftbridge.client.topic;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What matchers say agrees with what the language says in other words.
 */
class EventPatternPropertyTests {

	@Property(tries = 300)
	void textsMatchAsJavaComparesThem(@ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String text,
			@ForAll @StringLength(max = 3) @CharRange(from = 'a', to = 'c') String part) {
		assertThat(matches(text, text)).isTrue();
		assertThat(matches(part, text)).isEqualTo(part.equals(text));
		assertThat(matches(Map.of("prefix", part), text)).isEqualTo(text.startsWith(part));
		assertThat(matches(Map.of("suffix", part), text)).isEqualTo(text.endsWith(part));
		assertThat(matches(Map.of("equals-ignore-case", part.toUpperCase()), text)).isEqualTo(part.equals(text));
		assertThat(matches(Map.of("prefix", Map.of("equals-ignore-case", part.toUpperCase())), text))
			.isEqualTo(text.startsWith(part));
		assertThat(matches(Map.of("wildcard", part.isEmpty() ? "*" : "*" + part + "*"), text))
			.isEqualTo(text.contains(part));
	}

	@Property(tries = 300)
	void anythingButIsTheContrary(@ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String text,
			@ForAll @StringLength(max = 3) @CharRange(from = 'a', to = 'c') String part) {
		assertThat(matches(Map.of("anything-but", part), text)).isNotEqualTo(matches(part, text));
		for (String matcher : List.of("prefix", "suffix", "equals-ignore-case", "wildcard")) {
			assertThat(matches(Map.of("anything-but", Map.of(matcher, part)), text))
				.isNotEqualTo(matches(Map.of(matcher, part), text));
		}
	}

	@Property(tries = 300)
	void numbersMatchAsTheyCompare(@ForAll double number, @ForAll double bound) {
		assertThat(matches(number, number)).isTrue();
		assertThat(matches(Map.of("numeric", List.of("<", bound)), number)).isEqualTo(number < bound);
		assertThat(matches(Map.of("numeric", List.of("<=", bound)), number)).isEqualTo(number <= bound);
		assertThat(matches(Map.of("numeric", List.of(">", bound)), number)).isEqualTo(number > bound);
		assertThat(matches(Map.of("numeric", List.of(">=", bound)), number)).isEqualTo(number >= bound);
		assertThat(matches(Map.of("numeric", List.of("=", bound)), number)).isEqualTo(number == bound);
	}

	@Property(tries = 500)
	void wildcardsMatchAsRegularExpressions(@ForAll("wildcards") List<String> tokens,
			@ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String text) {
		String expression = String.join("", tokens).replaceAll("\\*+", "*");
		String regex = expression.chars()
			.mapToObj((c) -> (c == '*') ? ".*" : Pattern.quote(Character.toString(c)))
			.collect(Collectors.joining());
		assertThat(matches(Map.of("wildcard", expression), text)).as(expression).isEqualTo(text.matches(regex));
	}

	@Property(tries = 500)
	void anyPatternIsEitherRefusedOrMatchesWithoutFailing(@ForAll("documents") Object pattern,
			@ForAll("documents") Object event) {
		EventPatternValidator validator;
		try {
			validator = EventPatternValidator.of(Json.MAPPER.writeValueAsString(pattern));
		}
		catch (InvalidRequestException ex) {
			assertThat(ex).hasMessageContaining("malformed at $");
			return;
		}
		try {
			validator.validate(Json.MAPPER.writeValueAsString(event));
		}
		catch (InvalidEventException ex) {
			assertThat(ex.path()).startsWith("$");
		}
		assertThat(EventPatternValidator.of(validator.part()).part()).as("found again").isEqualTo(validator.part());
	}

	@Provide
	Arbitrary<List<String>> wildcards() {
		return Arbitraries.of("a", "b", "*").list().ofMaxSize(7);
	}

	@Provide
	Arbitrary<Object> documents() {
		Arbitrary<String> keys = Arbitraries.of("a", "b", "$or", "prefix", "numeric", "exists", "anything-but",
				"wildcard");
		Arbitrary<Object> leaf = Arbitraries.of("a", "*", 1, 2.5, true, "<", ">=");
		return Arbitraries.recursive(() -> leaf,
				(inner) -> Arbitraries.oneOf(inner.list().ofMaxSize(3).map((list) -> (Object) list),
						Combinators.combine(keys, inner).as((key, value) -> (Object) Map.of(key, value))),
				1, 4);
	}

	private static boolean matches(Object matcher, Object value) {
		return EventPatternValidator.of(Map.of("x", List.of(matcher))).matches(Map.of("x", value));
	}

}
