package io.liftbridge.client.topic;

import java.util.Map;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Refuses events that do not match a pattern, in the language of Amazon EventBridge. Each
 * field that the pattern names must have one of the values in its list; fields that it
 * does not name may have any. Needs Jackson 3. Of events with metadata the metadata is
 * looked at, of other objects what Jackson makes of them.
 *
 * <pre>{@code
 * {"detail": {"state": ["running", {"prefix": "pend"}],
 *             "load":  [{"numeric": [">=", 0, "<", 100]}],
 *             "error": [{"exists": false}]},
 *  "$or": [{"region": ["eu"]}, {"urgent": [true]}]}
 * }</pre>
 *
 * Elements of a list are values (texts, numbers, {@code true}, {@code false},
 * {@code null}), or objects with one of {@code prefix}, {@code suffix} (both also with
 * {@code {"equals-ignore-case": text}}), {@code equals-ignore-case}, {@code wildcard},
 * {@code numeric}, {@code exists}, and {@code anything-but} (with a value, a list, or one
 * of {@code prefix}, {@code suffix}, {@code equals-ignore-case}, {@code wildcard}). If
 * the field of an event is a list, one of its elements must match.
 */
public final class EventPatternValidator implements EventValidator<Object>, Named {

	static final String NAME = "event-pattern";

	private static final String PATTERN = "pattern";

	private final EventPattern pattern;

	private final Part part;

	private EventPatternValidator(JsonNode pattern) {
		this.pattern = EventPatternParser.parse(pattern);
		this.part = new Part(NAME, Map.of(PATTERN, Json.map(pattern)));
	}

	/**
	 * Creates the validator.
	 * @param json the pattern
	 * @return the validator
	 * @throws InvalidRequestException if the pattern is malformed, and where, or Jackson
	 * is missing
	 */
	public static EventPatternValidator of(String json) {
		Jackson.require("A validator by event patterns");
		return new EventPatternValidator(Json.document("The event pattern", json));
	}

	/**
	 * Creates the validator.
	 * @param pattern the pattern, as a map of maps and lists
	 * @return the validator
	 * @throws InvalidRequestException if the pattern is malformed, and where, or Jackson
	 * is missing
	 */
	public static EventPatternValidator of(Map<?, ?> pattern) {
		Jackson.require("A validator by event patterns");
		return new EventPatternValidator(Json.MAPPER.valueToTree(pattern));
	}

	static EventPatternValidator of(Part part) {
		return of(part.map(PATTERN));
	}

	@Override
	public void validate(Object event) {
		EventPattern.Mismatch mismatch = mismatch(event);
		if (mismatch != null) {
			throw new InvalidEventException(mismatch.path(), mismatch.reason());
		}
	}

	/**
	 * Whether an event matches.
	 * @param event the event
	 * @return whether it does
	 * @throws InvalidEventException if it is no JSON
	 */
	public boolean matches(Object event) {
		return mismatch(event) == null;
	}

	private EventPattern.@Nullable Mismatch mismatch(Object event) {
		return this.pattern.mismatch(Json.tree(event), "$");
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
