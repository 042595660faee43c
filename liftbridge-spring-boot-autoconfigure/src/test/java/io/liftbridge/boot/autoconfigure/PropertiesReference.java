package io.liftbridge.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

/**
 * Writes the reference of all properties from the metadata that IDEs show. Elements of
 * lists are missing in the metadata; they are taken from where the metadata would be
 * taken from.
 */
final class PropertiesReference {

	/** Description, type, name and default of a field. */
	private static final Pattern FIELD = Pattern.compile(
			"/\\*\\*\\s((?:(?!\\*/).)+)\\*/\\s+private (?:@Nullable )?(\\w+) (\\w+)(?: = ([^;]+))?;", Pattern.DOTALL);

	private PropertiesReference() {
	}

	static String render(JsonNode metadata) throws IOException {
		return """
				# All properties

				Generated from the metadata that editors show while you type; a test keeps it true. Durations are
				written as `500ms`, `10s`, `1m` or `7d`, sizes as `512KB` or `16MB`; names work in the environment,
				too: `LIFTBRIDGE_REQUESTTIMEOUT=3s`. A value that cannot work stops the application with the
				property's name, the value, where it was set, and the remedy.

				| property | type | default | what it does |
				|---|---|---|---|
				"""
				+ metadata.get("properties").valueStream().map(PropertiesReference::row).collect(Collectors.joining())
				+ """

						## Streams that are created at the start

						`liftbridge.streams` is a list; each element has these properties. A stream that exists is left
						as it is. What has no default follows the server's configuration.

						| property | type | default | what it does |
						|---|---|---|---|
						"""
				+ FIELD
					.matcher(Files.readString(
							Path.of("src/main/java", StreamProperties.class.getName().replace('.', '/') + ".java")))
					.results()
					.map(PropertiesReference::streamRow)
					.collect(Collectors.joining());
	}

	private static String row(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		String text = value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
				: value.asString("");
		return row(property.path("name").asString(), type(property.path("type").asString()), text,
				property.path("description").asString());
	}

	private static String streamRow(MatchResult field) {
		String name = field.group(3).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
		String value = (field.group(4) != null) ? field.group(4).replace("\"", "") : "";
		String text = field.group(1).replaceAll("\\s+\\* ", " ").strip();
		return row("liftbridge.streams[n]." + name, type(field.group(2)), value, text);
	}

	private static String row(String name, String type, String value, String description) {
		return "| `" + name + "` | " + type + " | " + (value.isEmpty() ? "" : "`" + value + "` ") + "| " + description
				+ " |\n";
	}

	private static String type(String name) {
		try {
			Class<?> type = Class.forName(name);
			if (type.isEnum()) {
				return Arrays.stream(type.getEnumConstants())
					.map((constant) -> "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
					.collect(Collectors.joining(", "));
			}
		}
		catch (ClassNotFoundException ex) {
			// A primitive type or one with parameters.
		}
		return switch (name.replaceAll("<.+", "").replaceAll(".+\\.", "")) {
			case "Boolean", "boolean" -> "boolean";
			case "Integer", "Long", "int", "long" -> "number";
			case "Double" -> "decimal number";
			case "Duration" -> "duration";
			case "DataSize" -> "size";
			case "List" -> "list";
			case "String" -> "text";
			case "Path" -> "path";
			default -> throw new IllegalStateException("Name the type " + name + " for users");
		};
	}

}
