package io.liftbridge.spring.annotation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.MessageFilter;
import io.liftbridge.spring.listener.PartitionSelection;
import io.liftbridge.spring.listener.StartPositions;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * Reads the attributes that are options of the container.
 */
final class ListenerAttributes {

	private final ConfigurableBeanFactory beanFactory;

	private final AttributeResolver attributes;

	private final LiftbridgeListener annotation;

	ListenerAttributes(ConfigurableBeanFactory beanFactory, AttributeResolver attributes,
			LiftbridgeListener annotation) {
		this.beanFactory = beanFactory;
		this.attributes = attributes;
		this.annotation = annotation;
	}

	/** The defaults, with what the annotation says. */
	ContainerProperties read(ContainerProperties defaults) {
		ContainerProperties properties = new ContainerProperties(defaults);
		streams(properties);
		set(this.attributes.read("partitions", this.annotation.partitions(), PartitionSelection::parse),
				properties::setPartitions);
		set(this.attributes.read("startPosition", this.annotation.startPosition(), StartPositions::parse),
				properties::setStartPosition);
		set(this.attributes.read("group", this.annotation.group(), StreamNames::checkGroup), properties::setGroup);
		set(this.attributes.flag("leaderOnly", this.annotation.leaderOnly()), properties::setLeaderOnly);
		set(this.attributes.read("filter", this.annotation.filter(), this::filter), properties::setFilter);
		set(this.attributes.read("info", this.annotation.info(), (text) -> text), properties::setInfo);
		set(this.attributes.read("cursorId", this.annotation.cursorId(), (text) -> text), properties::setCursorId);
		set(this.attributes.number("concurrency", this.annotation.concurrency()), properties::setConcurrency);
		set(this.attributes.number("batchSize", this.annotation.batchSize()), properties::setBatchSize);
		set(this.attributes.number("prefetch", this.annotation.prefetch()), properties::setPrefetch);
		set(this.attributes.read("ackMode", this.annotation.ackMode(), ListenerAttributes::ackMode),
				properties::setAckMode);
		set(this.attributes.flag("autoStartup", this.annotation.autoStartup()), properties::setAutoStartup);
		for (String line : this.attributes.lines("properties", this.annotation.properties())) {
			try {
				ContainerOptions.apply(properties, line);
			}
			catch (RuntimeException ex) {
				throw this.attributes.invalid("properties", line, line, ex.getMessage(), ex);
			}
		}
		return properties;
	}

	private void streams(ContainerProperties properties) {
		List<String> streams = this.attributes.texts("streams", this.annotation.streams());
		Pattern pattern = this.attributes.read("streamPattern", this.annotation.streamPattern(), Pattern::compile);
		if (pattern != null && streams.isEmpty()) {
			// What the factory names is for those that name nothing.
			properties.setStreams(List.of());
		}
		if (pattern != null || !streams.isEmpty()) {
			properties.setStreamPattern(pattern);
		}
		if (!streams.isEmpty()) {
			for (String stream : streams) {
				this.attributes.read("streams", stream, StreamNames::checkStream);
			}
			properties.setStreams(streams);
		}
		if (properties.getStreams().isEmpty() && properties.getStreamPattern() == null) {
			throw this.attributes.problem("streams = " + Arrays.toString(this.annotation.streams())
					+ " names no stream: name at least one, or set streamPattern.", null);
		}
	}

	private MessageFilter filter(String text) {
		if (this.beanFactory.containsBean(text)) {
			try {
				return this.beanFactory.getBean(text, MessageFilter.class);
			}
			catch (BeansException ex) {
				throw new IllegalArgumentException(
						"it must be the name of a MessageFilter bean, or an expression (" + ex.getMessage() + ").", ex);
			}
		}
		return FilterExpression.parse(text, this.attributes.where(), this.beanFactory)::matches;
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

}
