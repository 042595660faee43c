package io.liftbridge.spring.annotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.liftbridge.spring.listener.delivery.ReplyTargets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanExpressionException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.StandardBeanExpressionResolver;
import org.springframework.expression.ExpressionException;
import org.springframework.expression.ParseException;
import org.springframework.util.StringUtils;

/**
 * Resolves placeholders and expressions in attributes of one listener method, and says
 * where something is wrong.
 */
final class AttributeResolver {

	private final ConfigurableBeanFactory beanFactory;

	private final String where;

	/**
	 * Creates it.
	 * @param where bean and method, for messages
	 */
	AttributeResolver(ConfigurableBeanFactory beanFactory, String where) {
		this.beanFactory = beanFactory;
		this.where = where;
	}

	/** Bean and method, for messages. */
	String where() {
		return this.where;
	}

	/** The text of an attribute, empty if there is none. */
	String text(String attribute, String value) {
		Object resolved = resolve(attribute, value);
		return (resolved != null) ? resolved.toString().trim() : "";
	}

	/** All texts of an attribute; one may resolve to several. */
	List<String> texts(String attribute, String[] values) {
		List<String> texts = new ArrayList<>();
		for (String value : values) {
			add(resolve(attribute, value), StringUtils::commaDelimitedListToStringArray, texts);
		}
		return texts;
	}

	/** All lines of an attribute; one may resolve to several, or to a map. */
	List<String> lines(String attribute, String[] values) {
		List<String> lines = new ArrayList<>();
		for (String value : values) {
			add(resolve(attribute, value), (text) -> text.split("\\R"), lines);
		}
		return lines;
	}

	/** All streams to send to; those with expressions may hold commas of their own. */
	List<String> targets(String attribute, String[] values) {
		List<String> targets = new ArrayList<>();
		for (String value : values) {
			add(resolve(attribute, value), (text) -> ReplyTargets.isExpression(text) ? new String[] { text }
					: StringUtils.commaDelimitedListToStringArray(text), targets);
		}
		return targets;
	}

	private static void add(@Nullable Object resolved, Function<String, String[]> split, List<String> texts) {
		if (resolved instanceof Map<?, ?> map) {
			map.forEach((key, value) -> add(key + "=" + value, split, texts));
		}
		else if (resolved instanceof Iterable<?> several) {
			several.forEach((value) -> add(value, split, texts));
		}
		else if (resolved instanceof Object[] several) {
			Arrays.asList(several).forEach((value) -> add(value, split, texts));
		}
		else if (resolved != null) {
			texts.addAll(Arrays.stream(split.apply(resolved.toString()))
				.map(String::trim)
				.filter((text) -> !text.isEmpty())
				.toList());
		}
	}

	/**
	 * Reads an attribute.
	 * @return what it means, {@code null} if it is empty
	 */
	<T> @Nullable T read(String attribute, String value, Function<String, T> reader) {
		String text = text(attribute, value);
		if (text.isEmpty()) {
			return null;
		}
		try {
			return reader.apply(text);
		}
		catch (RuntimeException ex) {
			throw invalid(attribute, value, text, ex.getMessage(), ex);
		}
	}

	@Nullable Integer number(String attribute, String value) {
		return read(attribute, value, (text) -> {
			try {
				int number = Integer.parseInt(text);
				if (number > 0) {
					return number;
				}
			}
			catch (NumberFormatException ex) {
				// Said below.
			}
			throw new IllegalArgumentException("Use a number of 1 and above.");
		});
	}

	@Nullable Boolean flag(String attribute, String value) {
		return read(attribute, value, (text) -> switch (text.toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("Use 'true' or 'false'.");
		});
	}

	IllegalStateException invalid(String attribute, String value, String resolved, @Nullable String reason,
			@Nullable Throwable cause) {
		String from = value.equals(resolved) ? "" : " (from '" + value + "')";
		return problem(attribute + " = '" + resolved + "'" + from + " is not valid: " + reason, cause);
	}

	IllegalStateException problem(String text, @Nullable Throwable cause) {
		return new IllegalStateException("@LiftbridgeListener on " + this.where + ": " + text, cause);
	}

	private @Nullable Object resolve(String attribute, String value) {
		if (value.isEmpty()) {
			return null;
		}
		try {
			String embedded = this.beanFactory.resolveEmbeddedValue(value);
			if (embedded != null && embedded.contains("${")) {
				throw new IllegalArgumentException("nothing is known of '" + embedded + "'.");
			}
			BeanExpressionResolver expressions = this.beanFactory.getBeanExpressionResolver();
			BeanExpressionResolver used = (expressions != null) ? expressions : new StandardBeanExpressionResolver();
			return used.evaluate(embedded, new BeanExpressionContext(this.beanFactory, null));
		}
		catch (RuntimeException ex) {
			throw problem(attribute + " = '" + value + "' cannot be resolved: " + reason(ex), ex);
		}
	}

	/** The innermost reason, and what can be done about it. */
	private static String reason(RuntimeException problem) {
		if (problem.getCause() instanceof ParseException syntax) {
			return sentence(syntax.getSimpleMessage()) + " Correct the expression at position " + syntax.getPosition()
					+ ", counted from 0.";
		}
		if (problem instanceof BeanExpressionException && problem.getCause() != null) {
			// Something that was called may have failed by itself.
			Throwable cause = problem.getCause();
			String said = (cause instanceof ExpressionException evaluation) ? evaluation.getSimpleMessage()
					: cause.toString();
			return sentence(said) + " Correct the expression, or set the bean or property it refers to.";
		}
		return sentence(problem.getMessage()) + " Set the property or bean it refers to.";
	}

	private static String sentence(@Nullable String text) {
		String trimmed = String.valueOf(text).trim();
		return (trimmed.endsWith(".") || trimmed.endsWith("!") || trimmed.endsWith("?")) ? trimmed : trimmed + ".";
	}

}
