package io.liftbridge.spring.support;

import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Says what is wrong with a JSON text, and where, without quoting its values.
 */
final class JsonProblem {

	private static final int LONGEST_PATH = 200;

	private JsonProblem() {
	}

	/** Kind, field, reason and place, as far as they are known. */
	static String describe(JacksonException problem) {
		StringBuilder text = new StringBuilder(problem.getClass().getSimpleName());
		if (problem instanceof DatabindException) {
			String path = path(problem.getPath());
			text.append(path.isEmpty() ? "" : " at field '" + path + "'");
		}
		text.append(reason(problem));
		TokenStreamLocation location = problem.getLocation();
		if (location != null && location.getLineNr() > 0) {
			text.append(" (line ")
				.append(location.getLineNr())
				.append(", column ")
				.append(location.getColumnNr())
				.append(')');
		}
		return text.append('.').toString();
	}

	private static String reason(JacksonException problem) {
		if (problem instanceof UnrecognizedPropertyException unknown) {
			return ": the type has no such field, but " + unknown.getKnownPropertyIds();
		}
		if (problem instanceof InvalidFormatException || problem instanceof MismatchedInputException) {
			Class<?> target = ((MismatchedInputException) problem).getTargetType();
			return (target != null) ? ": not a " + target.getSimpleName() : "";
		}
		Throwable cause = problem.getCause();
		return (cause != null && cause != problem && !(cause instanceof JacksonException))
				? ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage() : "";
	}

	/** As {@code items[0].quantity}. */
	private static String path(List<JacksonException.Reference> references) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : references) {
			if (reference.getPropertyName() != null) {
				path.append((path.isEmpty()) ? "" : ".").append(reference.getPropertyName());
			}
			else if (reference.getIndex() >= 0) {
				path.append('[').append(reference.getIndex()).append(']');
			}
		}
		return (path.length() <= LONGEST_PATH) ? path.toString() : path.substring(0, LONGEST_PATH) + "...";
	}

}
