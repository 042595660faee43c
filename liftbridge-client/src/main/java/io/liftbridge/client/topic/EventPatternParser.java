package io.liftbridge.client.topic;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.liftbridge.client.message.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Reads patterns, and tells where one is malformed.
 */
final class EventPatternParser {

	private static final String OR = "$or";

	private static final Set<String> NOT_EXCLUDING = Set.of("numeric", "exists", "anything-but");

	private EventPatternParser() {
	}

	static EventPattern parse(JsonNode pattern) {
		return fields(pattern, "$");
	}

	private static EventPattern.Fields fields(JsonNode pattern, String path) {
		if (!pattern.isObject()) {
			throw malformed(path, "an object is expected, not " + pattern);
		}
		if (pattern.isEmpty()) {
			throw malformed(path, "an object without fields matches nothing in particular; name a field");
		}
		Map<String, EventPattern> fields = new LinkedHashMap<>();
		EventPattern.Either alternatives = null;
		for (Map.Entry<String, JsonNode> field : pattern.properties()) {
			String child = EventPattern.child(path, field.getKey());
			if (field.getKey().equals(OR)) {
				alternatives = alternatives(field.getValue(), path + "." + OR);
			}
			else {
				fields.put(field.getKey(), field(field.getValue(), child));
			}
		}
		return new EventPattern.Fields(fields, alternatives);
	}

	private static EventPattern.Either alternatives(JsonNode list, String path) {
		if (!list.isArray() || list.isEmpty()) {
			throw malformed(path, "a list of patterns is expected, not " + list);
		}
		List<EventPattern> patterns = new ArrayList<>();
		for (JsonNode element : list) {
			patterns.add(fields(element, path + "[" + patterns.size() + "]"));
		}
		return new EventPattern.Either(patterns);
	}

	private static EventPattern field(JsonNode pattern, String path) {
		if (pattern.isObject()) {
			return fields(pattern, path);
		}
		if (!pattern.isArray()) {
			throw malformed(path, "a list of values is expected: [" + pattern + "] in place of " + pattern);
		}
		if (pattern.isEmpty()) {
			throw malformed(path, "an empty list matches nothing");
		}
		List<ValueMatcher> matchers = new ArrayList<>();
		for (JsonNode element : pattern) {
			matchers.add(element(element, path + "[" + matchers.size() + "]"));
		}
		return new EventPattern.Values(matchers, pattern.toString());
	}

	private static ValueMatcher element(JsonNode element, String path) {
		if (element.isArray()) {
			throw malformed(path, "a value or a matcher is expected, not the list " + element);
		}
		if (!element.isObject()) {
			return ValueMatcher.exact(element);
		}
		Map.Entry<String, JsonNode> matcher = only(element, path);
		JsonNode value = matcher.getValue();
		String at = EventPattern.child(path, matcher.getKey());
		return switch (matcher.getKey()) {
			case "exists" -> exists(value, at);
			case "numeric" -> numeric(value, at);
			case "anything-but" -> anythingBut(value, at);
			default -> text(matcher.getKey(), value, at);
		};
	}

	private static ValueMatcher exists(JsonNode value, String path) {
		if (!value.isBoolean()) {
			throw malformed(path, "true or false is expected, not " + value);
		}
		return ValueMatcher.exists(value.booleanValue());
	}

	/** What may also stand behind {@code anything-but}. */
	private static ValueMatcher text(String name, JsonNode value, String path) {
		return switch (name) {
			case "prefix" -> value.isObject() ? ValueMatcher.prefix(ignoringCase(value, path), true)
					: ValueMatcher.prefix(string(value, path), false);
			case "suffix" -> value.isObject() ? ValueMatcher.suffix(ignoringCase(value, path), true)
					: ValueMatcher.suffix(string(value, path), false);
			case "equals-ignore-case" -> ValueMatcher.equalsIgnoreCase(string(value, path));
			case "wildcard" -> wildcard(string(value, path), path);
			default -> throw malformed(path, "there is no matcher '" + name + "'; there are prefix, suffix,"
					+ " equals-ignore-case, wildcard, numeric, exists and anything-but");
		};
	}

	private static ValueMatcher wildcard(String expression, String path) {
		String problem = Wildcard.problem(expression);
		if (problem != null) {
			throw malformed(path, "'" + expression + "' is no wildcard: " + problem);
		}
		return ValueMatcher.text(Wildcard.of(expression));
	}

	private static ValueMatcher anythingBut(JsonNode value, String path) {
		List<ValueMatcher> excluded = new ArrayList<>();
		if (value.isObject()) {
			Map.Entry<String, JsonNode> matcher = only(value, path);
			String at = EventPattern.child(path, matcher.getKey());
			if (NOT_EXCLUDING.contains(matcher.getKey())) {
				throw malformed(at, "anything-but has a value, a list of values, or one of prefix, suffix,"
						+ " equals-ignore-case and wildcard");
			}
			for (JsonNode element : list(matcher.getValue(), at)) {
				excluded.add(text(matcher.getKey(), element, at));
			}
		}
		else {
			for (JsonNode element : list(value, path)) {
				if (element.isContainer()) {
					throw malformed(path, "a value or a list of values is expected, not " + element);
				}
				excluded.add(ValueMatcher.exact(element));
			}
		}
		return ValueMatcher.anythingBut(excluded);
	}

	private static Iterable<JsonNode> list(JsonNode value, String path) {
		if (value.isArray() && value.isEmpty()) {
			throw malformed(path, "an empty list excludes nothing");
		}
		return value.isArray() ? value : List.of(value);
	}

	private static ValueMatcher numeric(JsonNode value, String path) {
		if (!value.isArray() || value.size() != 2 && value.size() != 4) {
			throw malformed(path, "one or two comparisons are expected, as [\">=\", 0, \"<\", 10], not " + value);
		}
		ValueMatcher.Range range = comparison(value, 0, new ValueMatcher.Range(null, false, null, false), path);
		if (value.size() == 4) {
			range = comparison(value, 2, range, path);
		}
		if (range.isEmpty()) {
			throw malformed(path, "no number is within " + value);
		}
		return range;
	}

	private static ValueMatcher.Range comparison(JsonNode list, int index, ValueMatcher.Range range, String path) {
		String operator = list.get(index).isString() ? list.get(index).stringValue() : "";
		BigDecimal bound = ValueMatcher.number(list.get(index + 1));
		if (bound == null) {
			throw malformed(path, "a number is expected, not " + list.get(index + 1));
		}
		boolean lower = operator.startsWith(">");
		boolean known = List.of("<", "<=", ">", ">=").contains(operator);
		if (operator.equals("=") && list.size() == 2) {
			return new ValueMatcher.Range(bound, true, bound, true);
		}
		if (!known) {
			throw malformed(path, operator.equals("=") ? "'=' stands alone"
					: "one of <, <=, >, >=, = is expected, not " + list.get(index));
		}
		if ((lower ? range.low() : range.high()) != null) {
			throw malformed(path, "there are two " + (lower ? "lower" : "upper") + " bounds in " + list);
		}
		boolean included = operator.endsWith("=");
		return lower ? new ValueMatcher.Range(bound, included, range.high(), range.highIncluded())
				: new ValueMatcher.Range(range.low(), range.lowIncluded(), bound, included);
	}

	private static String ignoringCase(JsonNode value, String path) {
		Map.Entry<String, JsonNode> only = only(value, path);
		if (!only.getKey().equals("equals-ignore-case")) {
			throw malformed(path, "a text or {\"equals-ignore-case\": text} is expected, not " + value);
		}
		return string(only.getValue(), EventPattern.child(path, only.getKey()));
	}

	private static String string(JsonNode value, String path) {
		if (!value.isString()) {
			throw malformed(path, "a text is expected, not " + value);
		}
		return value.stringValue();
	}

	private static Map.Entry<String, JsonNode> only(JsonNode value, String path) {
		if (value.size() != 1) {
			throw malformed(path, "an object with one matcher is expected, not " + value);
		}
		return value.properties().iterator().next();
	}

	private static InvalidRequestException malformed(String path, String problem) {
		return new InvalidRequestException("The event pattern is malformed at " + path + ": " + problem + ".", null);
	}

}
