package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

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
				&& !Acknowledgment.class.isAssignableFrom(type) && !MessageHeaders.class.isAssignableFrom(type);
	}

	/** Whether only the bare payload is meant. */
	private static boolean isBare(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return isPayload(parameter) && !Message.class.isAssignableFrom(type) && type != ReceivedMessage.class;
	}

	/**
	 * Checks a method for single messages.
	 * @throws IllegalStateException if it has two payloads
	 */
	static void checkRecordMethod(Method method) {
		List<MethodParameter> bare = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(method, i);
			if (isBare(parameter) && !parameter.hasParameterAnnotation(Payload.class)) {
				bare.add(parameter);
			}
		}
		if (bare.size() > 1) {
			throw new IllegalStateException("has " + bare.size() + " parameters without annotation, and only one can"
					+ " be the payload: annotate the others with @Header, or with @Payload if they are to be it too.");
		}
	}

	/**
	 * Finds the list of a method for batches.
	 * @return the list's parameter
	 * @throws IllegalStateException if there is not exactly one
	 */
	static MethodParameter batchParameter(Method method) {
		List<MethodParameter> lists = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(method, i);
			if (isPayload(parameter) && parameter.getParameterType().isAssignableFrom(List.class)
					&& parameter.getParameterType() != Object.class) {
				lists.add(parameter);
			}
		}
		if (lists.size() != 1) {
			throw new IllegalStateException("has batch = 'true' and " + lists.size() + " parameters for the list:"
					+ " declare one List of payloads, of Message or of ReceivedMessage.");
		}
		return lists.get(0);
	}

}
