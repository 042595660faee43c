package io.liftbridge.client.topic;

import java.util.List;
import java.util.Map;

import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventPatternValidatorTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			["a"]                                            | "a"             | true
			["a"]                                            | "A"             | false
			["a", "b"]                                       | "b"             | true
			["a"]                                            | ["x", "a"]      | true
			["a"]                                            | ["x", "y"]      | false
			["a"]                                            | []              | false
			["a"]                                            | {"a": "a"}      | false
			["1"]                                            | 1               | false
			[1]                                              | 1.0             | true
			[1]                                              | "1"             | false
			[100]                                            | 1e2             | true
			[true]                                           | true            | true
			[true]                                           | "true"          | false
			[null]                                           | null            | true
			[null]                                           | 0               | false
			[{"prefix": "ab"}]                               | "abc"           | true
			[{"prefix": "ab"}]                               | "Abc"           | false
			[{"prefix": "abcd"}]                             | "abc"           | false
			[{"prefix": "a"}]                                | 5               | false
			[{"prefix": {"equals-ignore-case": "ab"}}]       | "ABc"           | true
			[{"suffix": "bc"}]                               | "abc"           | true
			[{"suffix": "bc"}]                               | "c"             | false
			[{"suffix": {"equals-ignore-case": "bc"}}]       | "aBC"           | true
			[{"equals-ignore-case": "abc"}]                  | "AbC"           | true
			[{"equals-ignore-case": "abc"}]                  | "abcd"          | false
			[{"anything-but": "a"}]                          | "b"             | true
			[{"anything-but": "a"}]                          | "a"             | false
			[{"anything-but": ["a", 3]}]                     | 3.0             | false
			[{"anything-but": ["a", 3]}]                     | 4               | true
			[{"anything-but": {"prefix": "a"}}]              | "abc"           | false
			[{"anything-but": {"prefix": ["a", "b"]}}]       | "bcd"           | false
			[{"anything-but": {"prefix": "a"}}]              | "bcd"           | true
			[{"anything-but": {"suffix": "d"}}]              | "bcd"           | false
			[{"anything-but": {"suffix": "d"}}]              | "bcx"           | true
			[{"anything-but": {"equals-ignore-case": ["a", "b"]}}] | "B"       | false
			[{"anything-but": {"equals-ignore-case": "a"}}]  | "c"             | true
			[{"anything-but": {"wildcard": "a*c"}}]          | "abc"           | false
			[{"numeric": ["=", 5]}]                          | 5.0             | true
			[{"numeric": ["<", 5]}]                          | 5               | false
			[{"numeric": ["<=", 5]}]                         | 5               | true
			[{"numeric": [">", 0, "<=", 5]}]                 | 0               | false
			[{"numeric": [">=", 0, "<", 5]}]                 | 0               | true
			[{"numeric": ["<", 5, ">", 0]}]                  | 4.999           | true
			[{"numeric": [">", 0, "<=", 5]}]                 | 5.001           | false
			[{"numeric": [">", 9007199254740992]}]           | 9007199254740993 | true
			[{"numeric": [">", 0]}]                          | "3"             | false
			[{"exists": true}]                               | null            | true
			[{"exists": true}]                               | {"x": 1}        | true
			[{"exists": false}]                              | 1               | false
			[{"wildcard": "a*c*e"}]                          | "abcde"         | true
			[{"wildcard": "a*c*e"}]                          | "ace"           | true
			[{"wildcard": "a*c"}]                            | "ac!"           | false
			[{"wildcard": "*"}]                              | ""              | true
			[{"wildcard": "ab*ba"}]                          | "aba"           | false
			[{"wildcard": "a\\\\*c"}]                        | "a*c"           | true
			[{"wildcard": "a\\\\*c"}]                        | "abc"           | false
			{"y": ["a"]}                                     | {"y": "a", "z": 1} | true
			{"y": ["a"]}                                     | {"z": "a"}      | false
			{"y": ["a"]}                                     | [{"y": "b"}, {"y": "a"}] | true
			{"y": ["a"]}                                     | "a"             | false
			{"y": [{"exists": false}]}                       | "a"             | true
			""")
	void matchesValues(String pattern, String value, boolean expected) {
		EventPatternValidator validator = EventPatternValidator.of("{\"x\": " + pattern + "}");
		assertThat(validator.matches("{\"x\": " + value + ", \"other\": 1}")).isEqualTo(expected);
	}

	@Test
	void aFieldThatIsMissingMatchesOnlyItsAbsence() {
		assertThat(EventPatternValidator.of("{\"x\": [{\"exists\": false}]}").matches("{}")).isTrue();
		assertThat(EventPatternValidator.of("{\"x\": [{\"exists\": false}, 5]}").matches("{\"x\": 5}")).isTrue();
		assertThat(EventPatternValidator.of("{\"x\": [{\"exists\": true}]}").matches("{}")).isFalse();
		assertThat(EventPatternValidator.of("{\"x\": [{\"anything-but\": 1}]}").matches("{}")).isFalse();
		assertThat(EventPatternValidator.of("{\"x\": [null]}").matches("{}")).isFalse();
	}

	@Test
	void alternativesApplyBesidesTheOtherFields() {
		EventPatternValidator validator = EventPatternValidator
			.of("{\"a\": [1], \"$or\": [{\"b\": [2]}, {\"c\": {\"d\": [{\"numeric\": [\">\", 3]}]}}]}");
		assertThat(validator.matches("{\"a\": 1, \"b\": 2}")).isTrue();
		assertThat(validator.matches("{\"a\": 1, \"b\": 0, \"c\": {\"d\": 4}}")).isTrue();
		assertThat(validator.matches("{\"a\": 1, \"b\": 0, \"c\": {\"d\": 3}}")).isFalse();
		assertThat(validator.matches("{\"a\": 0, \"b\": 2}")).isFalse();
	}

	@Test
	void saysWhichFieldDoesNotMatchAndWhy() {
		EventPatternValidator validator = EventPatternValidator
			.of("{\"detail\": {\"state\": [\"running\", {\"prefix\": \"pend\"}]}, \"odd.name\": [{\"exists\": true}]}");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> validator.validate("{\"detail\": {\"state\": \"stopped\"}}"))
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$.detail.state"))
			.withMessageContaining("\"stopped\" matches none of [\"running\",{\"prefix\":\"pend\"}]");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> validator.validate("{\"detail\": {\"state\": \"running\"}}"))
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$['odd.name']"))
			.withMessageContaining("missing");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> validator.validate("{"))
			.withMessageContaining("no JSON");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> validator.validate("[1]"))
			.withMessageContaining("missing");
	}

	@Test
	void looksAtJsonInAnyShape() {
		EventPatternValidator validator = EventPatternValidator.of(Map.of("a", List.of(1)));
		assertThat(validator.matches("{\"a\": 1}")).isTrue();
		assertThat(validator.matches("{\"a\": 1}".getBytes())).isTrue();
		assertThat(validator.matches(Data.ofText("{\"a\": 1}"))).isTrue();
		assertThat(validator.matches(Metadata.of("{\"a\": 1}"))).isTrue();
		assertThat(validator.matches(new Event(Metadata.of("{\"a\": 1}"), Data.ofText("no json")))).isTrue();
		assertThat(validator.matches(Map.of("a", 1))).isTrue();
		assertThat(validator.matches(new Sample(1))).isTrue();
		assertThat(validator.matches(new Sample(2))).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			[]                                          | $        | an object is expected
			{}                                          | $        | without fields
			5                                           | $        | an object is expected
			{"a": {}}                                   | $.a      | without fields
			{"a": "x"}                                  | $.a      | ["x"] in place of "x"
			{"a": []}                                   | $.a      | empty list
			{"a": [[1]]}                                | $.a[0]   | not the list
			{"a": [1, {}]}                              | $.a[1]   | one matcher
			{"a": [{"prefix": "x", "suffix": "y"}]}     | $.a[0]   | one matcher
			{"a": [{"prefixx": "x"}]}                   | $.a[0].prefixx | there is no matcher 'prefixx'
			{"a": [{"prefix": 1}]}                      | $.a[0].prefix | a text is expected
			{"a": [{"suffix": {"ignore": "x"}}]}        | $.a[0].suffix | equals-ignore-case
			{"a": [{"exists": "yes"}]}                  | $.a[0].exists | true or false
			{"a": [{"numeric": [">"]}]}                 | $.a[0].numeric | one or two comparisons
			{"a": [{"numeric": [">", "1"]}]}            | $.a[0].numeric | a number is expected
			{"a": [{"numeric": ["!", 1]}]}              | $.a[0].numeric | one of <, <=, >, >=, =
			{"a": [{"numeric": [">", 1, ">", 2]}]}      | $.a[0].numeric | two lower bounds
			{"a": [{"numeric": ["=", 1, ">", 2]}]}      | $.a[0].numeric | '=' stands alone
			{"a": [{"numeric": [">", 5, "<", 5]}]}      | $.a[0].numeric | no number is within
			{"a": [{"anything-but": []}]}               | $.a[0].anything-but | empty list
			{"a": [{"anything-but": [{"x": 1}]}]}       | $.a[0].anything-but | a value or a list
			{"a": [{"anything-but": {"numeric": ["=", 1]}}]} | $.a[0].anything-but.numeric | one of prefix, suffix
			{"a": [{"wildcard": "a**b"}]}               | $.a[0].wildcard | two stars
			{"a": [{"wildcard": "a\\\\b"}]}             | $.a[0].wildcard | a backslash
			{"$or": {"a": [1]}}                         | $.$or    | a list of patterns
			{"$or": []}                                 | $.$or    | a list of patterns
			{"b": {"$or": [{"a": [1]}, {"a": 1}]}}      | $.b.$or[1].a | [1] in place of 1
			""")
	void refusesMalformedPatterns(String pattern, String path, String problem) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> EventPatternValidator.of(pattern))
			.withMessageContaining("malformed at " + path + ": ")
			.withMessageContaining(problem);
	}

	@Test
	void refusesWhatIsNoJson() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> EventPatternValidator.of("{\"a\""))
			.withMessageContaining("The event pattern is no JSON");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> EventPatternValidator.of(""))
			.withMessageContaining("empty");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> EventPatternValidator.of("{\"a\": [1]} {}"))
			.withMessageContaining("The event pattern is no JSON");
	}

	record Sample(int a) {
	}

}
