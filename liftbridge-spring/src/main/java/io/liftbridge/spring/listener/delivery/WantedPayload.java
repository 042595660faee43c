package io.liftbridge.spring.listener.delivery;

import java.lang.annotation.Annotation;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * What a parameter, or each element of it, is to be: found out once, as it takes longer
 * than to deliver a message.
 *
 * @param whole its class, which may be one that surrounds the payload
 * @param payload the type to convert values to
 * @param simple its class if that says all, otherwise {@code null}
 * @param nullable whether nothing may stand for an empty value
 * @param validated asks for validation, {@code null} if nobody does
 */
record WantedPayload(Class<?> whole, ResolvableType payload, @Nullable Class<?> simple, boolean nullable,
		@Nullable Annotation validated) {

	static WantedPayload of(MethodParameter parameter, ResolvableType type, boolean nullable) {
		ResolvableType payload = ParameterTypes.payloadType(type);
		Class<?> raw = payload.resolve();
		boolean simple = raw != Object.class && !payload.hasGenerics();
		return new WantedPayload(type.resolve(Object.class), payload, simple ? raw : null, nullable,
				PayloadValidation.annotation(parameter));
	}

	/** Whether what was converted already is what is wanted. */
	boolean isKnown(@Nullable Object converted) {
		return converted != null && this.simple != null && this.simple.isInstance(converted);
	}

}
