package io.liftbridge.boot.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Says what is wrong with an attribute of {@code @LiftbridgeListener} or with the method
 * that carries it. What goes wrong there has many types and one beginning: the annotation
 * and the place of the method.
 */
class InvalidListenerFailureAnalyzer implements FailureAnalyzer {

	private static final String BEGINNING = "@LiftbridgeListener on ";

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		Set<Throwable> seen = new HashSet<>();
		for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
			String message = cause.getMessage();
			if (message != null && message.startsWith(BEGINNING)) {
				return new FailureAnalysis(message, action(message), cause);
			}
		}
		return null;
	}

	private static String action(String message) {
		String place = message.substring(BEGINNING.length()).split(" of bean |: ", 2)[0];
		return "Correct the annotation or the signature of " + place
				+ ". The documentation of @LiftbridgeListener has all attributes and parameters.";
	}

}
