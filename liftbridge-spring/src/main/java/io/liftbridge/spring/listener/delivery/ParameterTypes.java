package io.liftbridge.spring.listener.delivery;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * What the parameters of a listener method ask for.
 */
final class ParameterTypes {

	private ParameterTypes() {
	}

	/** The type to convert a value to, for {@code T}, {@code Message<T>} and so on. */
	static ResolvableType payloadType(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (raw == ReceivedMessage.class || Message.class.isAssignableFrom(raw)) {
			ResolvableType generic = type.getGeneric(0);
			if (generic.resolve() == null) {
				return ResolvableType.forClass((raw == ReceivedMessage.class) ? byte[].class : Object.class);
			}
			return generic;
		}
		return type;
	}

	/**
	 * The type of the payload that a method for single messages works with: the bare one
	 * before those that others surround, and of these the converted ones first;
	 * {@code Object} if it asks for none.
	 */
	static ResolvableType payloadType(List<MethodParameter> parameters) {
		return parameters.stream()
			.filter(ParameterTypes::isPayload)
			.sorted(Comparator.comparing((parameter) -> !isBare(parameter)))
			.map((parameter) -> payloadType(ResolvableType.forMethodParameter(parameter)))
			.reduce((first, next) -> isRaw(first) ? next : first)
			.orElse(ResolvableType.forClass(Object.class));
	}

	private static boolean isRaw(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		return raw == byte[].class || raw == Object.class;
	}

	/** Whether the payload, alone or with what surrounds it, is meant. */
	static boolean isPayload(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return !parameter.hasParameterAnnotation(Header.class) && !parameter.hasParameterAnnotation(Headers.class)
				&& !isControl(parameter) && !MessageHeaders.class.isAssignableFrom(type)
				&& !MessageHeaderAccessor.class.isAssignableFrom(type);
	}

	/** Whether it lets the method say something about its delivery, or asks about it. */
	static boolean isControl(MethodParameter parameter) {
		return Acknowledgment.class.isAssignableFrom(parameter.getParameterType()) || isContext(parameter);
	}

	static boolean isContext(MethodParameter parameter) {
		return ListenerContext.class.isAssignableFrom(parameter.getParameterType());
	}

	/** Whether only the bare payload is meant. */
	static boolean isBare(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return isPayload(parameter) && !Message.class.isAssignableFrom(type) && type != ReceivedMessage.class;
	}

	/** Whether nothing may stand for an empty value. */
	static boolean isNullable(MethodParameter parameter) {
		return parameter.isOptional() || isNotRequired(parameter);
	}

	/** Whether nothing may stand for an empty value in a list. */
	static boolean hasNullableElements(MethodParameter list) {
		AnnotatedType type = list.getParameter().getAnnotatedType();
		if (isNotRequired(list)) {
			return true;
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			for (Annotation annotation : parameterized.getAnnotatedActualTypeArguments()[0].getAnnotations()) {
				if (annotation.annotationType().getSimpleName().equals("Nullable")) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean isNotRequired(MethodParameter parameter) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		return annotation != null && !annotation.required();
	}

	/** The class that says what type variables of a method's class stand for. */
	static Class<?> implementation(Object bean, Method method) {
		Class<?> target = AopProxyUtils.ultimateTargetClass(bean);
		return method.getDeclaringClass().isAssignableFrom(target) ? target : bean.getClass();
	}

	static List<MethodParameter> of(Method method, Class<?> implementation) {
		return IntStream.range(0, method.getParameterCount())
			.mapToObj((index) -> new SynthesizingMethodParameter(method, index).withContainingClass(implementation))
			.toList();
	}

	/** As in messages about it. */
	static String describe(MethodParameter parameter) {
		Parameter declared = parameter.getParameter();
		return "parameter " + (parameter.getParameterIndex() + 1) + " (" + parameter.getParameterType().getSimpleName()
				+ (declared.isNamePresent() ? " " + declared.getName() : "") + ")";
	}

	/** Whether it is a list or array of any kind. */
	static boolean isSeveral(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return Collection.class.isAssignableFrom(type) || (type.isArray() && type != byte[].class);
	}

	/** Whether its elements are messages, which no converter makes. */
	static boolean isOfMessages(MethodParameter parameter) {
		Class<?> element = ResolvableType.forMethodParameter(parameter).asCollection().getGeneric(0).resolve();
		return element != null && (element == ReceivedMessage.class || Message.class.isAssignableFrom(element));
	}

	/** Whether it takes the list of a batch. */
	static boolean isBatch(MethodParameter parameter) {
		return isPayload(parameter) && isList(parameter);
	}

	/** Whether it takes one header of each message of a batch. */
	static boolean isHeaderList(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Header.class) && isList(parameter);
	}

	private static boolean isList(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type.isAssignableFrom(List.class) && type != Object.class;
	}

}
