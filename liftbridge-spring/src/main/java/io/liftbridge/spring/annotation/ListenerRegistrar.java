package io.liftbridge.spring.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.DuplicateListenerIdException;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.HandlerDefinition;
import io.liftbridge.spring.listener.delivery.Listener;
import io.liftbridge.spring.listener.delivery.MethodListenerFactory;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Makes containers of listener methods and registers them.
 */
final class ListenerRegistrar {

	private static final String APPLICATION_NAME = "spring.application.name";

	private final ConfigurableBeanFactory beanFactory;

	private final @Nullable Environment environment;

	private final Map<String, String> places = new ConcurrentHashMap<>();

	ListenerRegistrar(ConfigurableBeanFactory beanFactory, @Nullable Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	void register(FoundListener found) {
		LiftbridgeListener annotation = found.annotation();
		AttributeResolver attributes = new AttributeResolver(this.beanFactory, found.where());
		String id = attributes.text("id", annotation.id());
		id = id.isEmpty() ? found.defaultId() : id;
		String other = this.places.put(id, found.where());
		// One that was removed from the registry makes room.
		if (other != null && registry().container(id) != null) {
			throw new DuplicateListenerIdException(id, "@LiftbridgeListener on " + found.where() + ": id = '" + id
					+ "' is taken by " + other + ". Ids must be unique: set the attribute 'id' of one of them.");
		}
		LiftbridgeListenerContainerFactory factory = factory(attributes, annotation);
		ContainerProperties properties = new ListenerAttributes(this.beanFactory, attributes, annotation)
			.read(factory.getContainerProperties());
		if (properties.getCursorId() == null && properties.getGroup() == null) {
			properties.setCursorId(defaultCursorId(id));
		}
		boolean batch = Boolean.TRUE.equals(attributes.flag("batch", annotation.batch()));
		try {
			Listener listener = listener(attributes, found, id, batch, factory.methodListeners());
			ListenerContainer container = factory.createContainer(id, properties, listener,
					errorHandler(attributes, annotation));
			for (Method method : found.methods()) {
				checkAcknowledgment(attributes, method, container.properties().getAckMode());
			}
			registry().register(container);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw (ex.getMessage() != null && ex.getMessage().startsWith("@LiftbridgeListener")) ? ex
					: attributes.problem(String.valueOf(ex.getMessage()), ex);
		}
	}

	private static Listener listener(AttributeResolver attributes, FoundListener found, String id, boolean batch,
			MethodListenerFactory listeners) {
		Method method = found.method();
		if (method != null) {
			return listeners.create(id, found.bean(), method, batch, sendTo(attributes, found.type(), method));
		}
		if (batch) {
			throw attributes.problem(
					"batch = 'true' does not go with @LiftbridgeHandler methods, which receive single"
							+ " messages: put @LiftbridgeListener on a method with a List, or remove batch = 'true'.",
					null);
		}
		List<HandlerDefinition> handlers = found.methods()
			.stream()
			.map((handler) -> handler(attributes, found.type(), handler))
			.toList();
		if (handlers.isEmpty()) {
			throw attributes.problem("the class has no method with @LiftbridgeHandler: annotate the methods that are to"
					+ " receive messages, or put @LiftbridgeListener on a method.", null);
		}
		return listeners.create(id, found.bean(), handlers);
	}

	private static HandlerDefinition handler(AttributeResolver attributes, Class<?> type, Method method) {
		LiftbridgeHandler annotation = ListenerScanner.handler(method);
		Assert.state(annotation != null, "Not a handler method");
		return new HandlerDefinition(method, annotation.isDefault(),
				attributes.texts("payloadType", annotation.payloadType()), sendTo(attributes, type, method));
	}

	/** Cursors are the cluster's: other applications have beans of the same names. */
	private String defaultCursorId(String listenerId) {
		String application = (this.environment != null) ? this.environment.getProperty(APPLICATION_NAME) : null;
		return StringUtils.hasText(application) ? application.trim() + "." + listenerId : listenerId;
	}

	/** What one of both alone would mean: nobody stores the position, or in vain. */
	private static void checkAcknowledgment(AttributeResolver attributes, Method method, AckMode mode) {
		boolean declared = Arrays.stream(method.getParameterTypes()).anyMatch(Acknowledgment.class::isAssignableFrom);
		if (declared && mode != AckMode.MANUAL) {
			throw attributes.problem("ackMode = '" + mode
					+ "' does not go with the parameter of type Acknowledgment of " + method.getName()
					+ ", which would do nothing: set ackMode = 'MANUAL' or remove the parameter.", null);
		}
		if (!declared && mode == AckMode.MANUAL
				&& Arrays.stream(method.getParameters())
					.noneMatch((parameter) -> isMessage(parameter)
							|| MessageHeaders.class.isAssignableFrom(parameter.getType())
							|| parameter.isAnnotationPresent(Headers.class))) {
			throw attributes.problem("ackMode = 'MANUAL' needs a parameter of type Acknowledgment, without which "
					+ method.getName() + " never stores a position: declare one or set another ackMode.", null);
		}
	}

	/** Messages, also those of a batch, have the acknowledgment as a header. */
	private static boolean isMessage(Parameter parameter) {
		Class<?> type = parameter.getType();
		if (Collection.class.isAssignableFrom(type)) {
			type = ResolvableType.forType(parameter.getParameterizedType())
				.asCollection()
				.getGeneric(0)
				.resolve(Object.class);
		}
		return Message.class.isAssignableFrom(type);
	}

	private LiftbridgeListenerContainerFactory factory(AttributeResolver attributes, LiftbridgeListener annotation) {
		String name = attributes.text("containerFactory", annotation.containerFactory());
		return bean(attributes, "containerFactory",
				name.isEmpty() ? LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY : name,
				LiftbridgeListenerContainerFactory.class);
	}

	private @Nullable ErrorHandler errorHandler(AttributeResolver attributes, LiftbridgeListener annotation) {
		String name = attributes.text("errorHandler", annotation.errorHandler());
		return name.isEmpty() ? null : bean(attributes, "errorHandler", name, ErrorHandler.class);
	}

	private <T> T bean(AttributeResolver attributes, String attribute, String name, Class<T> type) {
		try {
			return this.beanFactory.getBean(name, type);
		}
		catch (BeansException ex) {
			throw attributes.invalid(attribute, name, name,
					"it must be the name of a " + type.getSimpleName() + " bean (" + ex.getMessage() + ").", ex);
		}
	}

	private static List<String> sendTo(AttributeResolver attributes, Class<?> type, Method method) {
		SendTo sendTo = AnnotatedElementUtils.findMergedAnnotation(method, SendTo.class);
		if (sendTo != null && method.getReturnType() == void.class) {
			throw attributes.problem("@SendTo on " + FoundListener.describe(method)
					+ ", which returns nothing that could be sent: return what is to be sent, or remove @SendTo.",
					null);
		}
		if (sendTo == null) {
			sendTo = AnnotatedElementUtils.findMergedAnnotation(type, SendTo.class);
		}
		if (sendTo == null) {
			return List.of();
		}
		List<String> targets = attributes.targets("@SendTo", sendTo.value());
		if (targets.isEmpty()) {
			throw attributes.problem("@SendTo names no stream: name at least one.", null);
		}
		return targets;
	}

	private LiftbridgeListenerEndpointRegistry registry() {
		return this.beanFactory.getBean(LiftbridgeBeanNames.LISTENER_ENDPOINT_REGISTRY,
				LiftbridgeListenerEndpointRegistry.class);
	}

}
