package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionInvocationTargetException;
import org.springframework.expression.ParseException;
import org.springframework.expression.common.TemplateParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.messaging.Message;

/**
 * Where results go: names of streams, and expressions in <code>!{...}</code> that give
 * such names once a result is there. Immutable and safe for use by many threads.
 */
public final class ReplyTargets {

	/** Goes nowhere. */
	public static final ReplyTargets NONE = new ReplyTargets(List.of(), null);

	private static final String PREFIX = "!{";

	private final List<Target> targets;

	private final StandardEvaluationContext context = new StandardEvaluationContext();

	private ReplyTargets(List<Target> targets, @Nullable ConfigurableBeanFactory beanFactory) {
		this.targets = targets;
		this.context.addPropertyAccessor(new MapAccessor());
		if (beanFactory != null) {
			this.context.setBeanResolver(new BeanFactoryResolver(beanFactory));
		}
	}

	/**
	 * Reads targets.
	 * @param texts names of streams or expressions
	 * @param beanFactory for {@code @bean} in expressions, {@code null} for none
	 * @return the targets
	 * @throws IllegalArgumentException if one can be neither; the message says why
	 */
	public static ReplyTargets of(List<String> texts, @Nullable ConfigurableBeanFactory beanFactory) {
		return texts.isEmpty() ? NONE
				: new ReplyTargets(texts.stream().map(ReplyTargets::target).toList(), beanFactory);
	}

	/**
	 * Tells whether a target is known only when a result is there.
	 * @param text the target
	 * @return whether it has an expression
	 */
	public static boolean isExpression(String text) {
		return text.contains(PREFIX);
	}

	private static Target target(String text) {
		try {
			if (!isExpression(text)) {
				return new Target(StreamNames.checkStream(text), null);
			}
			return new Target(text,
					new SpelExpressionParser().parseExpression(text, new TemplateParserContext(PREFIX, "}")));
		}
		catch (InvalidRequestException | ParseException | IllegalStateException ex) {
			throw new IllegalArgumentException("@SendTo = '" + text + "' is not valid: " + ex.getMessage(), ex);
		}
	}

	boolean isEmpty() {
		return this.targets.isEmpty();
	}

	/**
	 * The streams for one result.
	 * @param result what is sent
	 * @param request what it answers
	 * @return the streams, none if an expression gives nothing
	 * @throws ReplyTargetException if an expression gives no name of a stream
	 */
	List<Named> streams(Object result, Supplier<Message<?>> request) {
		List<Named> streams = new ArrayList<>(this.targets.size());
		for (Target target : this.targets) {
			Expression expression = target.expression();
			if (expression == null) {
				streams.add(new Named(target.text(), null));
			}
			else {
				add(value(target, expression, new Root(result, request)), target, streams);
			}
		}
		return streams;
	}

	private @Nullable Object value(Target target, Expression expression, Root root) {
		try {
			return expression.getValue(this.context, root);
		}
		catch (ExpressionInvocationTargetException ex) {
			// What a bean has thrown.
			throw ex;
		}
		catch (EvaluationException ex) {
			throw new ReplyTargetException(
					"@SendTo = '" + target.text() + "' cannot be evaluated for a message: " + ex.getMessage(), ex);
		}
	}

	private static void add(@Nullable Object value, Target target, List<Named> streams) {
		if (value instanceof Iterable<?> several) {
			several.forEach((one) -> add(one, target, streams));
		}
		else if (value instanceof Object[] several) {
			Arrays.asList(several).forEach((one) -> add(one, target, streams));
		}
		else if (value instanceof Optional<?> optional) {
			add(optional.orElse(null), target, streams);
		}
		else if (value != null && !value.toString().isBlank()) {
			try {
				streams.add(new Named(StreamNames.checkStream(value.toString().trim()), target.text()));
			}
			catch (InvalidRequestException ex) {
				throw new ReplyTargetException("@SendTo = '" + target.text() + "' gives no name of a stream: "
						+ ex.getMessage() + " Let it give the name of a stream, or null to send nothing.", ex);
			}
		}
	}

	@Override
	public String toString() {
		return this.targets.stream().map(Target::text).toList().toString();
	}

	private record Target(String text, @Nullable Expression expression) {

	}

	/**
	 * A stream to send to.
	 *
	 * @param stream its name
	 * @param expression what has given the name, {@code null} if it is always the same
	 */
	record Named(String stream, @Nullable String expression) {

	}

	/** What expressions see. */
	static final class Root {

		private final Object result;

		private final Supplier<Message<?>> request;

		private @Nullable Message<?> known;

		Root(Object result, Supplier<Message<?>> request) {
			this.result = result;
			this.request = request;
		}

		public Object getResult() {
			return this.result;
		}

		public Message<?> getRequest() {
			Message<?> message = this.known;
			if (message == null) {
				message = this.request.get();
				this.known = message;
			}
			return message;
		}

	}

}
