package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Gives an example of a right value for a property under {@code liftbridge} whose value
 * is of another kind. Comes before Boot's own analyzer, which gives none.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class LiftbridgeBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private final PropertyOrigins origins;

	LiftbridgeBindFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		String property = cause.getName().toString();
		Class<?> type = cause.getTarget().getType().resolve();
		String written = this.origins.written(property);
		if (!property.startsWith("liftbridge.") || type == null || written == null
				|| findCause(cause, ConversionException.class) == null) {
			return null;
		}
		Kind kind = kind(ClassUtils.resolvePrimitiveIfNecessary(type));
		if (kind == null) {
			return null;
		}
		return new FailureAnalysis(InvalidLiftbridgePropertyException.describe(property, written, kind.problem()),
				"Correct " + this.origins.locate(property) + kind.remedy(), cause);
	}

	private static @Nullable Kind kind(Class<?> type) {
		if (type == Duration.class) {
			return new Kind("is not a duration.",
					", for instance to 10s, 500ms or 2m (units: ns, us, ms, s, m, h, d).");
		}
		if (type == DataSize.class) {
			return new Kind("is not a size.", ", for instance to 64KB or 1MB (units: B, KB, MB, GB, TB).");
		}
		if (type == Boolean.class) {
			return new Kind("is neither true nor false.", ": set it to true or false.");
		}
		if (type == Integer.class || type == Long.class) {
			return new Kind("is not a whole number, or too large.", ", for instance to 4.");
		}
		if (type == Double.class || type == Float.class) {
			return new Kind("is not a number.", ", for instance to 0.5.");
		}
		if (type.isEnum()) {
			List<String> values = Arrays.stream(type.getEnumConstants())
				.map((value) -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.toList();
			return new Kind("is not possible.", ": set it to one of " + String.join(", ", values) + ".");
		}
		return null;
	}

	/**
	 * What a property is.
	 *
	 * @param problem to be read after the value
	 * @param remedy to be read after the property
	 */
	private record Kind(String problem, String remedy) {

	}

}
