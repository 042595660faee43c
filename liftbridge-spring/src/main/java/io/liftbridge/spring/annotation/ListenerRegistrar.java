package io.liftbridge.spring.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.DuplicateListenerIdException;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionSelection;
import io.liftbridge.spring.listener.StartPositions;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.Listener;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.SendTo;
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

	void register(ListenerMethod found) {
		LiftbridgeListener annotation = found.annotation();
		AttributeResolver attributes = new AttributeResolver(this.beanFactory, found.where());
		String id = attributes.text("id", annotation.id());
		id = id.isEmpty() ? found.defaultId() : id;
		String other = this.places.putIfAbsent(id, found.where());
		if (other != null) {
			throw new DuplicateListenerIdException(id, "@LiftbridgeListener on " + found.where() + ": id = '" + id
					+ "' is taken by " + other + ". Ids must be unique: set the attribute 'id' of one of them.");
		}
		LiftbridgeListenerContainerFactory factory = factory(attributes, annotation);
		ContainerProperties properties = properties(attributes, annotation, factory.getContainerProperties());
		if (properties.getCursorId() == null && properties.getGroup() == null) {
			properties.setCursorId(defaultCursorId(id));
		}
		boolean batch = Boolean.TRUE.equals(attributes.flag("batch", annotation.batch()));
		try {
			Listener listener = factory.createMethodListener(id, found.bean(), found.method(), batch,
					sendTo(attributes, found));
			ListenerContainer container = factory.createContainer(id, properties, listener,
					errorHandler(attributes, annotation));
			checkAcknowledgment(attributes, found.method(), container.properties().getAckMode());
			registry().register(container);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw (ex.getMessage() != null && ex.getMessage().startsWith("@LiftbridgeListener")) ? ex
					: attributes.problem(String.valueOf(ex.getMessage()), ex);
		}
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
			throw attributes.problem("ackMode = '" + mode + "' does not go with the parameter of type Acknowledgment,"
					+ " which would do nothing: set ackMode = 'MANUAL' or remove the parameter.", null);
		}
		if (!declared && mode == AckMode.MANUAL
				&& Arrays.stream(method.getParameters())
					.noneMatch((parameter) -> Message.class.isAssignableFrom(parameter.getType())
							|| MessageHeaders.class.isAssignableFrom(parameter.getType())
							|| parameter.isAnnotationPresent(Headers.class))) {
			throw attributes.problem("ackMode = 'MANUAL' needs a parameter of type Acknowledgment, without which no"
					+ " position is ever stored: declare one or set another ackMode.", null);
		}
	}

	private ContainerProperties properties(AttributeResolver attributes, LiftbridgeListener annotation,
			ContainerProperties defaults) {
		ContainerProperties properties = new ContainerProperties(defaults);
		List<String> streams = attributes.texts("streams", annotation.streams());
		if (streams.isEmpty() && defaults.getStreams().isEmpty()) {
			throw attributes.problem(
					"streams = " + Arrays.toString(annotation.streams()) + " names no stream: name at least one.",
					null);
		}
		if (!streams.isEmpty()) {
			for (String stream : streams) {
				attributes.read("streams", stream, StreamNames::checkStream);
			}
			properties.setStreams(streams);
		}
		set(attributes.read("partitions", annotation.partitions(), PartitionSelection::parse),
				properties::setPartitions);
		set(attributes.read("startPosition", annotation.startPosition(), StartPositions::parse),
				properties::setStartPosition);
		set(attributes.read("cursorId", annotation.cursorId(), (text) -> text), properties::setCursorId);
		set(attributes.number("concurrency", annotation.concurrency()), properties::setConcurrency);
		set(attributes.number("batchSize", annotation.batchSize()), properties::setBatchSize);
		set(attributes.read("ackMode", annotation.ackMode(), ListenerRegistrar::ackMode), properties::setAckMode);
		set(attributes.flag("autoStartup", annotation.autoStartup()), properties::setAutoStartup);
		return properties;
	}

	private static <T> void set(@Nullable T value, Consumer<T> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

	private static AckMode ackMode(String text) {
		for (AckMode mode : AckMode.values()) {
			if (mode.name().equals(text.toUpperCase(Locale.ROOT))) {
				return mode;
			}
		}
		throw new IllegalArgumentException("Use one of " + Arrays.toString(AckMode.values()) + ".");
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

	private List<String> sendTo(AttributeResolver attributes, ListenerMethod found) {
		SendTo sendTo = AnnotatedElementUtils.findMergedAnnotation(found.method(), SendTo.class);
		if (sendTo == null) {
			sendTo = AnnotatedElementUtils.findMergedAnnotation(found.bean().getClass(), SendTo.class);
		}
		if (sendTo == null) {
			return List.of();
		}
		List<String> streams = attributes.texts("@SendTo", sendTo.value());
		if (streams.isEmpty()) {
			throw attributes.problem("@SendTo names no stream: name at least one.", null);
		}
		for (String stream : streams) {
			attributes.read("@SendTo", stream, StreamNames::checkStream);
		}
		return streams;
	}

	private LiftbridgeListenerEndpointRegistry registry() {
		return this.beanFactory.getBean(LiftbridgeBeanNames.LISTENER_ENDPOINT_REGISTRY,
				LiftbridgeListenerEndpointRegistry.class);
	}

}
