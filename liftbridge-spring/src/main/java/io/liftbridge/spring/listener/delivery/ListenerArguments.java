package io.liftbridge.spring.listener.delivery;

import java.util.Collection;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConversionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.GenericMessage;

/**
 * Resolvers for what spring-messaging does not know.
 */
final class ListenerArguments {

	private ListenerArguments() {
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

	/** The acknowledgment and the context. */
	static final class ControlResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return ParameterTypes.isControl(parameter);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			boolean context = ParameterTypes.isContext(parameter);
			if (message instanceof RawMessage raw) {
				return context ? raw.context() : raw.acknowledgment();
			}
			return message.getHeaders()
				.get(context ? LiftbridgeHeaders.LISTENER_CONTEXT : LiftbridgeHeaders.ACKNOWLEDGMENT);
		}

	}

	/**
	 * The list of a batch, which is the payload, and lists of one header of each message.
	 */
	static final class BatchResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return ParameterTypes.isBatch(parameter) || ParameterTypes.isHeaderList(parameter);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return ParameterTypes.isHeaderList(parameter)
					? ((BatchMessage) message).headerList(parameter.getParameterIndex()) : message.getPayload();
		}

	}

	/**
	 * The payload, the {@code Message} and the {@code ReceivedMessage}. Unlike
	 * spring-messaging's own it takes an empty value for a value, and knows generic
	 * types.
	 */
	static final class PayloadResolver implements HandlerMethodArgumentResolver {

		private final PayloadReader reader;

		private final PayloadValidation validation;

		private final List<ResolvableType> types;

		/** By the index of the parameter, from its first message on. */
		private final @Nullable WantedPayload[] wanted;

		PayloadResolver(PayloadReader reader, PayloadValidation validation, List<MethodParameter> parameters) {
			this.reader = reader;
			this.validation = validation;
			this.types = parameters.stream().map(ResolvableType::forMethodParameter).toList();
			this.wanted = new @Nullable WantedPayload[parameters.size()];
		}

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return true;
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			int index = parameter.getParameterIndex();
			WantedPayload known = this.wanted[index];
			if (known == null) {
				known = WantedPayload.of(parameter, this.types.get(index), ParameterTypes.isNullable(parameter));
				this.wanted[index] = known;
			}
			return resolve(parameter, known, (RawMessage) message);
		}

		private @Nullable Object read(ReceivedMessage<byte[]> record, WantedPayload type) {
			try {
				return this.reader.payload(record, type.payload(), type.nullable());
			}
			catch (PayloadConversionException ex) {
				if (!Collection.class.isAssignableFrom(type.whole())) {
					throw ex;
				}
				throw new PayloadConversionException(
						ex.getMessage() + " The method receives one message at a time, which"
								+ " would have to hold a list: set batch = 'true' if it is to receive several.",
						ex);
			}
		}

		/** A payload, alone or with what surrounds it. */
		@Nullable Object resolve(MethodParameter target, WantedPayload type, RawMessage message) {
			ReceivedMessage<byte[]> record = message.message();
			Object payload = type.isKnown(message.payload()) ? message.payload() : read(record, type);
			if (payload == null) {
				return null;
			}
			if (type.validated() != null) {
				this.validation.validate(message, target, type.validated(), payload);
			}
			if (type.whole() == ReceivedMessage.class) {
				return (payload != record.value()) ? record.withValue(payload) : record;
			}
			return Message.class.isAssignableFrom(type.whole()) ? new GenericMessage<>(payload, message.getHeaders())
					: payload;
		}

	}

}
