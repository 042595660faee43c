package io.liftbridge.spring.listener.delivery;

import java.util.Map;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConverters;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Makes of a message what a listener wants to see.
 *
 * @param listenerId id of the listener
 * @param converters convert values
 * @param headerMapper translates headers
 */
record PayloadReader(String listenerId, PayloadConverters converters, HeaderMapper headerMapper) {

	/** The value as a type. */
	Object payload(ReceivedMessage<byte[]> message, ResolvableType type) {
		return this.converters.read(message.value(), type, message.headers().text(LiftbridgeHeaders.CONTENT_TYPE));
	}

	/** The message with its value as a type. */
	ReceivedMessage<?> received(ReceivedMessage<byte[]> message, ResolvableType type) {
		return (type.resolve() == byte[].class) ? message : message.withValue(payload(message, type));
	}

	/** The message as spring-messaging knows it, with its value as bytes. */
	Message<?> raw(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment) {
		return new GenericMessage<>(message.value(), headers(message, acknowledgment));
	}

	/** The message as spring-messaging knows it, with its value as a type. */
	Message<?> message(ReceivedMessage<byte[]> message, ResolvableType type, Acknowledgment acknowledgment) {
		return new GenericMessage<>(payload(message, type), headers(message, acknowledgment));
	}

	private RecordHeaders headers(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment) {
		Map<String, Object> headers = this.headerMapper.fromLiftbridge(message);
		headers.put(LiftbridgeHeaders.RECORD, message);
		headers.put(LiftbridgeHeaders.ACKNOWLEDGMENT, acknowledgment);
		headers.put(LiftbridgeHeaders.LISTENER_ID, this.listenerId);
		return new RecordHeaders(headers);
	}

}
