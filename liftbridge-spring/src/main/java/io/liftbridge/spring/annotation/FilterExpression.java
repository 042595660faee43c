package io.liftbridge.spring.annotation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.MessageFilterException;
import io.liftbridge.spring.listener.delivery.FailureText;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.ExpressionInvocationTargetException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * A filter that is written as an expression over each message, such as
 * {@code headers['region'] == 'eu'}. Immutable and safe for use by many threads.
 */
final class FilterExpression {

	private final SpelExpression expression;

	private final String where;

	private final StandardEvaluationContext context = new StandardEvaluationContext();

	private FilterExpression(SpelExpression expression, String where, ConfigurableBeanFactory beanFactory) {
		this.expression = expression;
		this.where = where;
		this.context.addPropertyAccessor(new MapAccessor());
		this.context.setBeanResolver(new BeanFactoryResolver(beanFactory));
	}

	/**
	 * Reads an expression.
	 * @param where whose filter it is, for messages
	 * @param beanFactory for {@code @bean} in it
	 * @throws IllegalArgumentException if it is none; the message says why
	 */
	static FilterExpression parse(String text, String where, ConfigurableBeanFactory beanFactory) {
		try {
			SpelExpression expression = new SpelExpressionParser().parseRaw(text);
			new FilterCheck(beanFactory::containsBean).check(expression.getAST());
			return new FilterExpression(expression, where, beanFactory);
		}
		catch (ParseException ex) {
			throw new IllegalArgumentException(
					"it is neither the name of a MessageFilter bean nor an expression such as"
							+ " headers['region'] == 'eu' (" + ex.getMessage() + ").",
					ex);
		}
	}

	/**
	 * Tells whether a message passes.
	 * @throws MessageFilterException if the expression cannot decide
	 * @throws IllegalStateException if a bean that it asks has failed
	 */
	boolean matches(ReceivedMessage<byte[]> message) {
		Object result;
		try {
			result = this.expression.getValue(this.context, new Root(message));
		}
		catch (ExpressionInvocationTargetException ex) {
			throw new IllegalStateException(this + " has failed: " + ex.getMessage(), ex);
		}
		catch (EvaluationException ex) {
			throw new MessageFilterException(this + " cannot be evaluated for a message: " + ex.getMessage(), ex);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(this + " has failed: " + FailureText.of(ex), ex);
		}
		if (result instanceof Boolean passes) {
			return passes;
		}
		throw new MessageFilterException(
				this + " gives " + ((result != null) ? "a " + result.getClass().getSimpleName() : "null")
						+ " for a message: let it give true or false.",
				null);
	}

	@Override
	public String toString() {
		return "filter = '" + this.expression.getExpressionString() + "' of " + this.where;
	}

	/** What the expression sees. */
	static final class Root {

		private final ReceivedMessage<byte[]> message;

		private @Nullable Map<String, String> headers;

		Root(ReceivedMessage<byte[]> message) {
			this.message = message;
		}

		public Map<String, String> getHeaders() {
			Map<String, String> texts = this.headers;
			if (texts == null) {
				Map<String, String> read = new LinkedHashMap<>();
				this.message.headers()
					.forEach((name, value) -> read.put(name, new String(value, StandardCharsets.UTF_8)));
				texts = read;
				this.headers = texts;
			}
			return texts;
		}

		public @Nullable String getKey() {
			return this.message.keyText();
		}

		public String getText() {
			return this.message.text();
		}

		public String getStream() {
			return this.message.stream();
		}

		public int getPartition() {
			return this.message.partition();
		}

		public long getOffset() {
			return this.message.offset();
		}

		public ReceivedMessage<byte[]> getMessage() {
			return this.message;
		}

	}

}
