package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

/**
 * Makes listeners of methods. Immutable.
 *
 * @param converters convert values
 * @param headerMapper translates headers
 * @param validator validates payloads, {@code null} for none
 * @param replies sends what methods return
 * @param replyThreads send what methods return later
 * @param beanFactory resolves placeholders in names of headers, {@code null} for none
 */
public record MethodListenerFactory(PayloadConverters converters, HeaderMapper headerMapper,
		@Nullable Validator validator, LiftbridgeOperations replies, Executor replyThreads,
		@Nullable ConfigurableBeanFactory beanFactory) {

	/**
	 * Makes a listener.
	 * @param listenerId id of the listener
	 * @param bean the object
	 * @param method its method
	 * @param batch whether it receives lists
	 * @param sendTo streams to send the result to, empty for none
	 * @return the listener
	 * @throws IllegalStateException if the method's parameters do not fit
	 */
	public Listener create(String listenerId, Object bean, Method method, boolean batch, List<String> sendTo) {
		PayloadReader reader = new PayloadReader(listenerId, this.converters, this.headerMapper);
		List<MethodParameter> parameters = ParameterTypes.of(method, ParameterTypes.implementation(bean, method));
		SignatureCheck check = new SignatureCheck(this.validator);
		ListenerArguments.PayloadResolver payloads = new ListenerArguments.PayloadResolver(reader, this.validator,
				parameters);
		ReplySender sender = new ReplySender(this.replies, sendTo, this.replyThreads);
		if (batch) {
			return new MethodBatchListener(handlerMethod(bean, method, new ListenerArguments.BatchResolver()),
					check.checkBatchMethod(parameters), reader, payloads, sender);
		}
		check.checkRecordMethod(parameters);
		return new MethodRecordListener(handlerMethod(bean, method, payloads), reader, sender);
	}

	private InvocableHandlerMethod handlerMethod(Object bean, Method method, HandlerMethodArgumentResolver payload) {
		DefaultFormattingConversionService conversion = new DefaultFormattingConversionService();
		conversion.addConverter(byte[].class, String.class, (bytes) -> new String(bytes, StandardCharsets.UTF_8));
		conversion.addConverter(String.class, byte[].class, (text) -> text.getBytes(StandardCharsets.UTF_8));
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
		resolvers
			.add(new ListenerArguments.HeaderResolver(new HeaderMethodArgumentResolver(conversion, this.beanFactory)));
		resolvers.add(new HeadersMethodArgumentResolver());
		resolvers.add(new ListenerArguments.AcknowledgmentResolver());
		resolvers.add(payload);
		DefaultMessageHandlerMethodFactory factory = new DefaultMessageHandlerMethodFactory();
		factory.setArgumentResolvers(resolvers);
		factory.afterPropertiesSet();
		return factory.createInvocableHandlerMethod(bean, method);
	}

}
