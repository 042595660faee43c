package io.liftbridge.spring.annotation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.PartitionSelection;
import io.liftbridge.spring.listener.StartPositions;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attributes that are options of the container.
 */
final class ListenerAttributes {

	private final AttributeResolver attributes;

	private final LiftbridgeListener annotation;

	ListenerAttributes(AttributeResolver attributes, LiftbridgeListener annotation) {
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
		if (streams.isEmpty() && properties.getStreams().isEmpty()) {
			throw this.attributes.problem(
					"streams = " + Arrays.toString(this.annotation.streams()) + " names no stream: name at least one.",
					null);
		}
		if (!streams.isEmpty()) {
			for (String stream : streams) {
				this.attributes.read("streams", stream, StreamNames::checkStream);
			}
			properties.setStreams(streams);
		}
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
