package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A method for lists.
 */
final class MethodBatchListener implements BatchListener {

	private final InvocableHandlerMethod method;

	private final MethodParameter list;

	private final WantedPayload element;

	private final List<MethodParameter> headerLists;

	private final PayloadReader reader;

	private final HandlerMethodArgumentResolver headers;

	private final ListenerArguments.PayloadResolver payloads;

	private final ReplySender replies;

	/**
	 * Creates it.
	 * @param list the parameter for the batch
	 * @param parameters all of them
	 * @param headers resolves headers of single messages
	 */
	MethodBatchListener(InvocableHandlerMethod method, MethodParameter list, List<MethodParameter> parameters,
			PayloadReader reader, HandlerMethodArgumentResolver headers, ListenerArguments.PayloadResolver payloads,
			ReplySender replies) {
		this.method = method;
		this.list = list;
		this.element = WantedPayload.of(list, ResolvableType.forMethodParameter(list).getGeneric(0),
				ParameterTypes.hasNullableElements(list));
		DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
		this.headerLists = parameters.stream()
			.filter(ParameterTypes::isHeaderList)
			.map(MethodParameter::nested)
			.toList();
		this.headerLists.forEach((parameter) -> parameter.initParameterNameDiscovery(names));
		this.reader = reader;
		this.headers = headers;
		this.payloads = payloads;
		this.replies = replies;
	}

	@Override
	public Object prepare(ReceivedMessage<byte[]> message) throws Exception {
		ElementAcknowledgment acknowledgment = new ElementAcknowledgment();
		RawMessage raw = this.reader.raw(message, acknowledgment, null);
		Object element = this.payloads.resolve(this.list, this.element, raw);
		@Nullable Object[] headerValues = new @Nullable Object[this.headerLists.size()];
		for (int i = 0; i < headerValues.length; i++) {
			headerValues[i] = this.headers.resolveArgument(this.headerLists.get(i), raw);
		}
		return new Element(message, element, Arrays.asList(headerValues), acknowledgment);
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment) throws Exception {
		ReceivedMessage<byte[]> first = ((Element) batch.get(0)).message();
		return onBatch(batch, acknowledgment, AttemptContext.of(this.reader.listenerId(), first));
	}

	@Override
	public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment,
			ListenerContext context) throws Exception {
		ReceivedMessage<byte[]> first = ((Element) batch.get(0)).message();
		Map<String, Object> headers = new HashMap<>();
		headers.put(LiftbridgeHeaders.STREAM, first.stream());
		headers.put(LiftbridgeHeaders.PARTITION, first.partition());
		headers.put(LiftbridgeHeaders.ACKNOWLEDGMENT, acknowledgment);
		headers.put(LiftbridgeHeaders.LISTENER_ID, this.reader.listenerId());
		headers.put(LiftbridgeHeaders.LISTENER_CONTEXT, context);
		List<@Nullable Object> elements = new ArrayList<>(batch.size());
		for (int i = 0; i < batch.size(); i++) {
			Element element = (Element) batch.get(i);
			element.acknowledgment().begin(acknowledgment, i);
			elements.add(element.value());
		}
		BatchMessage message = new BatchMessage(elements, new RecordHeaders(headers), headerLists(batch));
		return this.replies.send(this.method.invoke(message), null, () -> message);
	}

	private Map<Integer, List<@Nullable Object>> headerLists(List<Object> batch) {
		Map<Integer, List<@Nullable Object>> lists = new HashMap<>();
		for (int i = 0; i < this.headerLists.size(); i++) {
			List<@Nullable Object> values = new ArrayList<>(batch.size());
			for (Object element : batch) {
				values.add(((Element) element).headers().get(i));
			}
			lists.put(this.headerLists.get(i).getParameterIndex(), values);
		}
		return lists;
	}

	@Override
	public String toString() {
		return this.method.getShortLogMessage();
	}

	/**
	 * What the method receives for one message.
	 *
	 * @param message the message
	 * @param value its element of the list
	 * @param headers its elements of the lists of headers
	 * @param acknowledgment what its own header of that name holds
	 */
	private record Element(ReceivedMessage<byte[]> message, @Nullable Object value, List<@Nullable Object> headers,
			ElementAcknowledgment acknowledgment) {

	}

}
