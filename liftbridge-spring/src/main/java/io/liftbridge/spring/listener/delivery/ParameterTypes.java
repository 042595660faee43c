package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
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

	/** Whether the payload, alone or with what surrounds it, is meant. */
	static boolean isPayload(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return !parameter.hasParameterAnnotation(Header.class) && !parameter.hasParameterAnnotation(Headers.class)
				&& !Acknowledgment.class.isAssignableFrom(type) && !MessageHeaders.class.isAssignableFrom(type)
				&& !MessageHeaderAccessor.class.isAssignableFrom(type);
	}

	/** Whether only the bare payload is meant. */
	static boolean isBare(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return isPayload(parameter) && !Message.class.isAssignableFrom(type) && type != ReceivedMessage.class;
	}

	/** The class that says what type variables of a method's class stand for. */
	static Class<?> implementation(Object bean, Method method) {
		Class<?> target = AopProxyUtils.ultimateTargetClass(bean);
		return method.getDeclaringClass().isAssignableFrom(target) ? target : bean.getClass();
	}

	static List<MethodParameter> of(Method method, Class<?> implementation) {
		return IntStream.range(0, method.getParameterCount())
			.mapToObj((index) -> new MethodParameter(method, index).withContainingClass(implementation))
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
		return isPayload(parameter) && parameter.getParameterType().isAssignableFrom(List.class)
				&& parameter.getParameterType() != Object.class;
	}

}
