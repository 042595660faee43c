package io.liftbridge.client.topic;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What a document, or a field of it, must look like.
 */
sealed interface EventPattern {

	/** Tells what does not match first; a field that is not there is a missing node. */
	@Nullable Mismatch mismatch(JsonNode value, String path);

	static String child(String path, String field) {
		return Names.PLAIN.matcher(field).matches() ? path + "." + field : path + "['" + field + "']";
	}

	/** Where and why. */
	record Mismatch(String path, String reason) {
	}

	/**
	 * An object: each field must match, and one of the alternatives, if there are any.
	 */
	record Fields(Map<String, EventPattern> fields, @Nullable Either alternatives) implements EventPattern {

		@Override
		public @Nullable Mismatch mismatch(JsonNode value, String path) {
			if (value.isArray() && !value.isEmpty()) {
				return anyElement(value, path);
			}
			for (Map.Entry<String, EventPattern> field : this.fields.entrySet()) {
				JsonNode child = value.isObject() ? value.path(field.getKey()) : MissingNode.getInstance();
				Mismatch mismatch = field.getValue().mismatch(child, child(path, field.getKey()));
				if (mismatch != null) {
					return mismatch;
				}
			}
			return (this.alternatives != null) ? this.alternatives.mismatch(value, path) : null;
		}

		private @Nullable Mismatch anyElement(JsonNode list, String path) {
			Mismatch first = null;
			for (JsonNode element : list) {
				Mismatch mismatch = mismatch(element, path + "[*]");
				if (mismatch == null) {
					return null;
				}
				first = (first != null) ? first : mismatch;
			}
			return first;
		}

	}

	/** One of several must match. */
	record Either(List<EventPattern> patterns) implements EventPattern {

		@Override
		public @Nullable Mismatch mismatch(JsonNode value, String path) {
			StringBuilder reasons = new StringBuilder();
			for (EventPattern pattern : this.patterns) {
				Mismatch mismatch = pattern.mismatch(value, path);
				if (mismatch == null) {
					return null;
				}
				reasons.append(reasons.isEmpty() ? "" : "; ").append(mismatch.path).append(' ').append(mismatch.reason);
			}
			return new Mismatch(path, "none of the alternatives of $or matches: " + reasons);
		}

	}

	/** A field must have one of some values. */
	record Values(List<ValueMatcher> matchers, String source) implements EventPattern {

		private static final int LONGEST_VALUE = 100;

		@Override
		public @Nullable Mismatch mismatch(JsonNode value, String path) {
			return matches(value) ? null : new Mismatch(path, told(value) + " matches none of " + this.source);
		}

		private boolean matches(JsonNode value) {
			for (ValueMatcher matcher : this.matchers) {
				if (matcher.matches(value)) {
					return true;
				}
			}
			if (value.isArray()) {
				for (JsonNode element : value) {
					if (matches(element)) {
						return true;
					}
				}
			}
			return false;
		}

		private static String told(JsonNode value) {
			if (value.isMissingNode()) {
				return "the field is missing and";
			}
			String text = value.toString();
			return (text.length() > LONGEST_VALUE) ? text.substring(0, LONGEST_VALUE) + "..." : text;
		}

	}

	/** Names of fields that need no quotes in a path. */
	final class Names {

		static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

		private Names() {
		}

	}

}
