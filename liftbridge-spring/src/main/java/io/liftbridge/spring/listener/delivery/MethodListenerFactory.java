package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Makes listeners of methods. Immutable.
 *
 * @param converters convert values
 * @param headerMapper translates headers
 * @param validator validates payloads, {@code null} for none
 * @param replies sends what methods return
 * @param replyThreads send what methods return later; asked by the thread that calls the
 * method, so that they may keep what surrounds that
 * @param beanFactory resolves placeholders in names of headers, and beans in expressions
 * of {@code @SendTo}; {@code null} for none
 */
public record MethodListenerFactory(PayloadConverters converters, HeaderMapper headerMapper,
		@Nullable Validator validator, LiftbridgeOperations replies, Supplier<Executor> replyThreads,
		@Nullable ConfigurableBeanFactory beanFactory) {

	/** One for all: it takes more memory than everything else of an idle listener. */
	static final ConversionService HEADER_CONVERSION = headerConversion();

	/**
	 * Makes a listener.
	 * @param listenerId id of the listener
	 * @param bean the object, or a proxy of it
	 * @param method its method, as its class declares it
	 * @param batch whether it receives lists
	 * @param sendTo streams to send the result to, or expressions in <code>!{...}</code>
	 * over {@code result} and {@code request} that give their names; empty for none
	 * @return the listener
	 * @throws IllegalStateException if the method's parameters or its result do not fit
	 * @throws IllegalArgumentException if a stream's name or an expression is not valid
	 */
	public Listener create(String listenerId, Object bean, Method method, boolean batch, List<String> sendTo) {
		PayloadReader reader = new PayloadReader(listenerId, this.converters, this.headerMapper);
		if (!batch) {
			return recordListener(reader, bean, method, sendTo);
		}
		List<MethodParameter> parameters = ParameterTypes.of(method, ParameterTypes.implementation(bean, method));
		MethodParameter list = new SignatureCheck(this.validator).checkBatchMethod(parameters);
		SignatureCheck.checkResult(method);
		HandlerMethodArgumentResolver headers = headers();
		ListenerArguments.PayloadResolver payloads = new ListenerArguments.PayloadResolver(reader,
				new PayloadValidation(this.validator), parameters);
		return new MethodBatchListener(
				new BoundMethod(bean, method,
						List.of(new ListenerArguments.BatchResolver(), headers, new HeadersMethodArgumentResolver(),
								new ListenerArguments.ControlResolver())),
				list, parameters, reader, headers, payloads, sender(sendTo));
	}

	/**
	 * Makes a listener of several methods, one of which is called for each message, by
	 * the type of its payload.
	 * @param listenerId id of the listener
	 * @param bean the object, or a proxy of it
	 * @param handlers its methods, at least one
	 * @return the listener
	 * @throws IllegalStateException if a method's parameters or its result do not fit, or
	 * if nothing could decide between methods
	 * @throws IllegalArgumentException if a stream's name or an expression is not valid
	 */
	public Listener create(String listenerId, Object bean, List<HandlerDefinition> handlers) {
		PayloadReader reader = new PayloadReader(listenerId, this.converters, this.headerMapper);
		List<MethodHandler> methods = new ArrayList<>();
		for (HandlerDefinition handler : handlers) {
			try {
				methods
					.add(MethodHandler.of(handler, recordListener(reader, bean, handler.method(), handler.sendTo())));
			}
			catch (IllegalStateException ex) {
				throw new IllegalStateException(
						"@LiftbridgeHandler method " + handler.method().getName() + ": " + ex.getMessage(), ex);
			}
		}
		return new HandlersListener(AopProxyUtils.ultimateTargetClass(bean), new HandlerSelection(reader, methods),
				reader);
	}

	private MethodRecordListener recordListener(PayloadReader reader, Object bean, Method method, List<String> sendTo) {
		List<MethodParameter> parameters = ParameterTypes.of(method, ParameterTypes.implementation(bean, method));
		new SignatureCheck(this.validator).checkRecordMethod(parameters);
		SignatureCheck.checkResult(method);
		ListenerArguments.PayloadResolver payloads = new ListenerArguments.PayloadResolver(reader,
				new PayloadValidation(this.validator), parameters);
		return new MethodRecordListener(
				new BoundMethod(bean, method, List.of(headers(), new HeadersMethodArgumentResolver(),
						new ListenerArguments.ControlResolver(), payloads)),
				ParameterTypes.payloadType(parameters), reader, sender(sendTo));
	}

	private ReplySender sender(List<String> sendTo) {
		return new ReplySender(this.replies, ReplyTargets.of(sendTo, this.beanFactory), this.replyThreads);
	}

	private HandlerMethodArgumentResolver headers() {
		return new ListenerArguments.HeaderResolver(
				new HeaderMethodArgumentResolver(HEADER_CONVERSION, this.beanFactory));
	}

	private static ConversionService headerConversion() {
		DefaultFormattingConversionService conversion = new DefaultFormattingConversionService();
		conversion.addConverter(byte[].class, String.class, (bytes) -> new String(bytes, StandardCharsets.UTF_8));
		conversion.addConverter(String.class, byte[].class, (text) -> text.getBytes(StandardCharsets.UTF_8));
		return conversion;
	}

}
