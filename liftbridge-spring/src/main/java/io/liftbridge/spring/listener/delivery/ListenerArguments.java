package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;
import org.springframework.validation.Validator;

/**
 * Resolvers for what spring-messaging does not know.
 */
final class ListenerArguments {

	private ListenerArguments() {
	}

	@SuppressWarnings("unchecked")
	static ReceivedMessage<byte[]> record(Message<?> message) {
		ReceivedMessage<byte[]> record = (ReceivedMessage<byte[]>) message.getHeaders().get(LiftbridgeHeaders.RECORD);
		Assert.state(record != null, "Not a message of a listener container");
		return record;
	}

	/**
	 * A header; what is wrong with it is wrong with the argument, and not worth a retry.
	 */
	static final class HeaderResolver implements HandlerMethodArgumentResolver {

		private final HeaderMethodArgumentResolver delegate;

		HeaderResolver(HeaderMethodArgumentResolver delegate) {
			this.delegate = delegate;
		}

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return this.delegate.supportsParameter(parameter);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			try {
				return this.delegate.resolveArgument(parameter, message);
			}
			catch (MessageHandlingException | ConversionException ex) {
				throw new MethodArgumentResolutionException(message, parameter, String.valueOf(ex.getMessage()), ex);
			}
		}

	}

	/** The acknowledgment, from its header. */
	static final class AcknowledgmentResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return Acknowledgment.class.isAssignableFrom(parameter.getParameterType());
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return message.getHeaders().get(LiftbridgeHeaders.ACKNOWLEDGMENT);
		}

	}

	/** The list of a batch, which is the payload. */
	static final class BatchResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return ParameterTypes.isPayload(parameter) && parameter.getParameterType().isAssignableFrom(List.class);
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return message.getPayload();
		}

	}

	/**
	 * The payload, the {@code Message} and the {@code ReceivedMessage}. Unlike
	 * spring-messaging's own it takes an empty value for a value, and knows generic
	 * types.
	 */
	static final class PayloadResolver extends PayloadMethodArgumentResolver {

		private final PayloadReader reader;

		private final List<ResolvableType> types;

		PayloadResolver(PayloadReader reader, @Nullable Validator validator, List<MethodParameter> parameters) {
			super(new NoConverter(), validator, true);
			this.reader = reader;
			this.types = parameters.stream().map(ResolvableType::forMethodParameter).toList();
		}

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return true;
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			ReceivedMessage<byte[]> record = record(message);
			ResolvableType declared = this.types.get(parameter.getParameterIndex());
			ResolvableType type = ParameterTypes.payloadType(declared);
			Payload annotation = parameter.getParameterAnnotation(Payload.class);
			if (record.value().length == 0 && annotation != null && !annotation.required()) {
				return null;
			}
			Object payload = this.reader.payload(record, type);
			validate(message, parameter, payload);
			Class<?> raw = declared.resolve(Object.class);
			if (raw == ReceivedMessage.class) {
				return record.withValue(payload);
			}
			return Message.class.isAssignableFrom(raw) ? new GenericMessage<>(payload, message.getHeaders()) : payload;
		}

		/** Validates an element of a batch. */
		void validateElement(Message<?> message, MethodParameter parameter, Object element) {
			validate(message, parameter, element);
		}

	}

	/** Stands where the superclass insists on a converter. */
	private static final class NoConverter implements MessageConverter {

		@Override
		public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
			return null;
		}

		@Override
		public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return null;
		}

	}

}
