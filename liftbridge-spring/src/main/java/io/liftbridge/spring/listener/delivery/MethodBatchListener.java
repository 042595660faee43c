package io.liftbridge.spring.listener.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

/**
 * A method for lists.
 */
final class MethodBatchListener implements BatchListener {

	private static final Acknowledgment NOTHING = () -> {
	};

	private final InvocableHandlerMethod method;

	private final MethodParameter parameter;

	private final ResolvableType elementType;

	private final ResolvableType payloadType;

	private final PayloadReader reader;

	private final ListenerArguments.PayloadResolver payloads;

	private final ReplySender replies;

	MethodBatchListener(InvocableHandlerMethod method, MethodParameter parameter, PayloadReader reader,
			ListenerArguments.PayloadResolver payloads, ReplySender replies) {
		this.method = method;
		this.parameter = parameter;
		this.elementType = ResolvableType.forMethodParameter(parameter).getGeneric(0);
		this.payloadType = ParameterTypes.payloadType(this.elementType);
		this.reader = reader;
		this.payloads = payloads;
		this.replies = replies;
	}

	@Override
	public Object prepare(ReceivedMessage<byte[]> message) {
		Class<?> type = this.elementType.resolve(Object.class);
		Object payload;
		Object element;
		if (type == ReceivedMessage.class) {
			ReceivedMessage<?> received = this.reader.received(message, this.payloadType);
			payload = received.value();
			element = received;
		}
		else if (Message.class.isAssignableFrom(type)) {
			Message<?> converted = this.reader.message(message, this.payloadType, NOTHING);
			payload = converted.getPayload();
			element = converted;
		}
		else {
			payload = this.reader.payload(message, this.payloadType);
			element = payload;
		}
		this.payloads.validateElement(new GenericMessage<>(payload), this.parameter, payload);
		return new Element(message, element);
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment) throws Exception {
		ReceivedMessage<byte[]> first = ((Element) batch.get(0)).message();
		Map<String, Object> headers = new HashMap<>();
		headers.put(LiftbridgeHeaders.STREAM, first.stream());
		headers.put(LiftbridgeHeaders.PARTITION, first.partition());
		headers.put(LiftbridgeHeaders.OFFSET, first.offset());
		headers.put(LiftbridgeHeaders.ACKNOWLEDGMENT, acknowledgment);
		headers.put(LiftbridgeHeaders.LISTENER_ID, this.reader.listenerId());
		List<Object> elements = batch.stream().map((element) -> ((Element) element).value()).toList();
		Object result = this.method.invoke(new GenericMessage<>(elements, new RecordHeaders(headers)));
		return this.replies.send(result, null);
	}

	@Override
	public String toString() {
		return this.method.getShortLogMessage();
	}

	/** What the method receives, with where it comes from. */
	private record Element(ReceivedMessage<byte[]> message, Object value) {

	}

}
