package io.liftbridge.spring.listener.delivery;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.StringUtils;
import org.springframework.validation.Validator;

/**
 * Refuses listener methods that could not work, before the first message does.
 */
final class SignatureCheck {

	/** What a batch has as a whole. */
	private static final Set<String> BATCH_HEADERS = Set.of(LiftbridgeHeaders.STREAM, LiftbridgeHeaders.PARTITION,
			LiftbridgeHeaders.ACKNOWLEDGMENT, LiftbridgeHeaders.LISTENER_ID);

	private static final String BATCH_REMEDY = " declare it as List, for the header of each message, or take"
			+ " List<Message<T>>, whose elements have their own.";

	/** What each message has, with its type. */
	private static final Map<String, Class<?>> HEADERS = Map.of(LiftbridgeHeaders.STREAM, String.class,
			LiftbridgeHeaders.PARTITION, Integer.class, LiftbridgeHeaders.OFFSET, Long.class,
			LiftbridgeHeaders.TIMESTAMP, Instant.class, LiftbridgeHeaders.SUBJECT, String.class);

	/** Code, and what runs it: nobody sends that. */
	private static final Set<Class<?>> NO_PAYLOADS = Set.of(Runnable.class, Callable.class, Thread.class,
			Executor.class, ExecutorService.class, Future.class, CompletionStage.class, CompletableFuture.class,
			Supplier.class, Function.class, java.util.function.Consumer.class, ClassLoader.class);

	/** What looks like what a listener receives, with what it is to be instead. */
	private static final Map<Class<?>, String> MISTAKEN = Map.of(io.liftbridge.client.message.Message.class,
			"ReceivedMessage", Consumer.class, "ListenerContext", Subscription.class, "ListenerContext");

	/** Known by their names only, as one need not be on the class path. */
	private static final Set<String> PUBLISHERS = Set.of("org.reactivestreams.Publisher",
			"java.util.concurrent.Flow$Publisher");

	private final @Nullable Validator validator;

	SignatureCheck(@Nullable Validator validator) {
		this.validator = validator;
	}

	/**
	 * Checks a method for single messages.
	 * @throws IllegalStateException if it cannot work
	 */
	void checkRecordMethod(List<MethodParameter> parameters) {
		List<MethodParameter> bare = parameters.stream()
			.filter((parameter) -> ParameterTypes.isBare(parameter) && !parameter.hasParameterAnnotation(Payload.class))
			.toList();
		if (bare.size() > 1) {
			throw new IllegalStateException("has " + bare.size() + " parameters without annotation, and only one can"
					+ " be the payload: annotate the others with @Header, or with @Payload if they are to be it too.");
		}
		for (MethodParameter parameter : parameters) {
			if (ParameterTypes.isBare(parameter) && ParameterTypes.isOfMessages(parameter)) {
				throw refused(parameter, "is a list of messages, and the method receives one at a time:"
						+ " set batch = 'true', or declare a single message.");
			}
			checkHeaders(parameter);
			checkHeader(parameter, parameter);
			checkPayload(parameter, ParameterTypes.payloadType(ResolvableType.forMethodParameter(parameter)));
		}
	}

	/**
	 * Checks what a method returns.
	 * @throws IllegalStateException if nobody would take it
	 */
	static void checkResult(Method method) {
		if (isPublisher(method.getReturnType())) {
			throw new IllegalStateException("returns a " + method.getReturnType().getSimpleName()
					+ ", to which nobody would subscribe: return a CompletableFuture, for instance with toFuture().");
		}
	}

	private static boolean isPublisher(@Nullable Class<?> type) {
		return type != null && (PUBLISHERS.contains(type.getName()) || isPublisher(type.getSuperclass())
				|| Arrays.stream(type.getInterfaces()).anyMatch(SignatureCheck::isPublisher));
	}

	private static void checkHeaders(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (parameter.hasParameterAnnotation(Headers.class) && !Map.class.isAssignableFrom(type)
				&& !MessageHeaderAccessor.class.isAssignableFrom(type)) {
			throw refused(parameter, "has @Headers, which gives all headers together: declare it as"
					+ " Map<String, Object>, or use @Header for a single one.");
		}
	}

	/**
	 * Checks a single header.
	 * @param value the parameter, or an element of it
	 */
	private static void checkHeader(MethodParameter parameter, MethodParameter value) {
		Header header = parameter.getParameterAnnotation(Header.class);
		if (header == null) {
			return;
		}
		String name = headerName(parameter, header);
		Class<?> known = HEADERS.get(name);
		Class<?> wanted = value.isOptional() ? value.nestedIfOptional().getNestedParameterType()
				: value.getNestedParameterType();
		if (known != null && !MethodListenerFactory.HEADER_CONVERSION.canConvert(known, wanted)) {
			throw refused(parameter,
					"asks for the header '" + name + "', which is a " + known.getSimpleName()
							+ " and is not converted to " + wanted.getSimpleName() + ": declare it as "
							+ known.getSimpleName() + ".");
		}
	}

	private static String headerName(MethodParameter parameter, Header header) {
		String given = header.name().isEmpty() ? header.value() : header.name();
		if (!given.isEmpty()) {
			return given;
		}
		parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		String name = parameter.getParameterName();
		if (name == null) {
			throw refused(parameter,
					"of " + parameter.getMember().getName() + " has @Header without a name, and its own"
							+ " is not in the class file: write @Header(\"...\"), or compile with -parameters.");
		}
		return name;
	}

	/**
	 * Checks a method for batches.
	 * @return the list's parameter
	 * @throws IllegalStateException if it cannot work
	 */
	MethodParameter checkBatchMethod(List<MethodParameter> parameters) {
		List<MethodParameter> lists = parameters.stream().filter(ParameterTypes::isBatch).toList();
		if (lists.size() != 1) {
			throw new IllegalStateException("has batch = 'true' and " + lists.size() + " parameters for the list:"
					+ " declare one List of payloads, of Message or of ReceivedMessage.");
		}
		MethodParameter list = lists.get(0);
		for (MethodParameter parameter : parameters) {
			checkHeaders(parameter);
			Header header = parameter.getParameterAnnotation(Header.class);
			if (header != null) {
				checkBatchHeader(parameter, header);
				checkHeader(parameter, ParameterTypes.isHeaderList(parameter) ? parameter.nested() : parameter);
			}
			else if (parameter.hasParameterAnnotation(Headers.class)) {
				throw refused(parameter, "has @Headers, which each message of a batch has its own of: take"
						+ " List<Message<T>>, whose elements have theirs.");
			}
			else if (parameter != list && ParameterTypes.isPayload(parameter)) {
				throw refused(parameter, "has no value in a batch, whose messages are in "
						+ ParameterTypes.describe(list) + ": remove it, or remove batch = 'true'.");
			}
		}
		checkPayload(list, ParameterTypes.payloadType(ResolvableType.forMethodParameter(list).getGeneric(0)));
		return list;
	}

	private static void checkBatchHeader(MethodParameter parameter, Header header) {
		String name = headerName(parameter, header);
		if (ParameterTypes.isHeaderList(parameter)) {
			return;
		}
		if (ParameterTypes.isSeveral(parameter)) {
			throw refused(parameter, "asks for the header '" + name + "' of several messages: declare it as List.");
		}
		boolean optional = !header.required() || parameter.isOptional()
				|| !ValueConstants.DEFAULT_NONE.equals(header.defaultValue());
		if (name.equals(LiftbridgeHeaders.OFFSET)) {
			throw refused(parameter,
					"asks for the offset, which each message of a batch has its own of:" + BATCH_REMEDY);
		}
		if (!optional && !BATCH_HEADERS.contains(name) && !name.contains("${") && !name.contains("#{")) {
			throw refused(parameter,
					"needs the header '" + name + "', which a batch as a whole does not have:" + BATCH_REMEDY);
		}
	}

	private void checkPayload(MethodParameter parameter, ResolvableType type) {
		if (!ParameterTypes.isPayload(parameter) || parameter.hasParameterAnnotation(Headers.class)) {
			return;
		}
		String instead = MISTAKEN.get(type.resolve(Object.class));
		if (instead != null) {
			throw refused(parameter, "is a " + type + ", which no message is converted to: declare " + instead + ".");
		}
		if (NO_PAYLOADS.contains(type.resolve(Object.class))) {
			throw refused(parameter,
					"is a " + type + ", which no message is converted to: declare the payload's type.");
		}
		Payload payload = parameter.getParameterAnnotation(Payload.class);
		if (payload != null && StringUtils.hasText(payload.expression())) {
			throw refused(parameter, "has @Payload with the expression '" + payload.expression()
					+ "', which is not evaluated: remove it and take what you need from the payload.");
		}
		Annotation valid = PayloadValidation.annotation(parameter);
		if (valid != null && !isValidated(type)) {
			throw refused(parameter,
					"has @" + valid.annotationType().getSimpleName() + ", and "
							+ ((this.validator != null) ? "the Validator does not know this type"
									: "there is no Validator, or there are several and none is primary")
							+ ": add spring-boot-starter-validation, or set one with"
							+ " LiftbridgeListenerContainerFactory.setValidator.");
		}
	}

	private boolean isValidated(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (Collection.class.isAssignableFrom(raw)) {
			return isValidated(type.asCollection().getGeneric(0));
		}
		if (raw == Optional.class) {
			return isValidated(type.getGeneric(0));
		}
		if (raw.isArray()) {
			return isValidated(type.getComponentType());
		}
		return this.validator != null && (raw == Object.class || raw.isInterface() || this.validator.supports(raw));
	}

	private static IllegalStateException refused(MethodParameter parameter, String why) {
		return new IllegalStateException(ParameterTypes.describe(parameter) + " " + why);
	}

}
