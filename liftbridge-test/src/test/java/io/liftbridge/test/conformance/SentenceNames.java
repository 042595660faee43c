package io.liftbridge.test.conformance;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.DisplayNameGenerator;

/**
 * Displays {@code emptyNameIsRefused} as "Empty name is refused", and
 * {@code goesOnAfterARestart} as "Goes on after a restart".
 */
final class SentenceNames extends DisplayNameGenerator.Standard {

	@Override
	public String generateDisplayNameForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
		return sentence(method.getName());
	}

	static String sentence(String methodName) {
		String words = methodName.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?=[A-Z][a-z])", " ").toLowerCase(Locale.ROOT);
		return Character.toUpperCase(words.charAt(0)) + words.substring(1);
	}

}
