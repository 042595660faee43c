package io.liftbridge.spring.listener.delivery;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.ListenerContext;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Makes of a message what a listener wants to see.
 *
 * @param listenerId id of the listener
 * @param converters convert values
 * @param headerMapper translates headers
 */
record PayloadReader(String listenerId, PayloadConverters converters, HeaderMapper headerMapper) {

	private static final byte[] JSON_NULL = { 'n', 'u', 'l', 'l' };

	/**
	 * The value as a type. An {@code Optional} is empty where the value is.
	 * @param nullable whether to return {@code null} where there is no value
	 */
	@Nullable Object payload(ReceivedMessage<byte[]> message, ResolvableType type, boolean nullable) {
		if (type.resolve() == Optional.class) {
			return Optional.ofNullable(payload(message, type.getGeneric(0), true));
		}
		String contentType = message.headers().text(LiftbridgeHeaders.CONTENT_TYPE);
		if (nullable && isNothing(message.value(), type, contentType)) {
			return null;
		}
		return this.converters.read(message.value(), type, contentType);
	}

	/** Others than Spring's senders often name no media type. */
	private boolean isNothing(byte[] value, ResolvableType type, @Nullable String contentType) {
		return value.length == 0 || (Arrays.equals(value, JSON_NULL) && !isText(type.resolve(Object.class))
				&& ((contentType != null && contentType.contains("json"))
						|| this.converters.readsJson(type, contentType)));
	}

	private static boolean isText(Class<?> type) {
		return CharSequence.class.isAssignableFrom(type) || type == byte[].class;
	}

	/** The message as spring-messaging knows it, with its value as bytes. */
	RawMessage raw(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment, @Nullable ListenerContext context) {
		return new RawMessage(this, message, acknowledgment, context);
	}

	/** The headers of a message as spring-messaging knows them. */
	RecordHeaders headers(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment,
			@Nullable ListenerContext context) {
		Map<String, Object> headers = this.headerMapper.fromLiftbridge(message);
		headers.put(LiftbridgeHeaders.RECORD, message);
		headers.put(LiftbridgeHeaders.ACKNOWLEDGMENT, acknowledgment);
		headers.put(LiftbridgeHeaders.LISTENER_ID, this.listenerId);
		if (context != null) {
			headers.put(LiftbridgeHeaders.LISTENER_CONTEXT, context);
		}
		return new RecordHeaders(headers);
	}

}
