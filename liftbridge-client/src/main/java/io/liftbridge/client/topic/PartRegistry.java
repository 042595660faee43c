package io.liftbridge.client.topic;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import com.google.protobuf.MessageLite;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.Partitioner;
import org.jspecify.annotations.Nullable;

/**
 * Creates parts by their names: those of the client, those that were registered, and
 * those of the class path.
 */
final class PartRegistry {

	private final List<TopicParts> sources = new CopyOnWriteArrayList<>();

	PartRegistry() {
		this.sources.add(new OwnParts());
		ServiceLoader.load(TopicParts.class, PartRegistry.class.getClassLoader()).forEach(this.sources::add);
	}

	void register(TopicParts parts) {
		this.sources.add(parts);
	}

	<T> TopicDefinition<T> create(TopicDescription topic, Class<T> type) {
		EventSerializer<T> serializer = find(topic, "serializer", topic.serializer(),
				(parts) -> parts.serializer(topic.serializer(), type));
		return TopicDefinition.of(topic.stream(), serializer)
			.partitions(topic.partitions())
			.validator(find(topic, "validator", topic.validator(), (parts) -> parts.validator(topic.validator())))
			.selector(find(topic, "selector", topic.selector(), (parts) -> parts.selector(topic.selector())));
	}

	private <P> P find(TopicDescription topic, String role, Part part, Function<TopicParts, @Nullable P> creation) {
		for (TopicParts source : this.sources) {
			P created = creation.apply(source);
			if (created != null) {
				return created;
			}
		}
		throw new InvalidRequestException("Topic '" + topic.stream() + "' has the " + role + " '" + part.name()
				+ "', which nobody here can create. Add the library that has it to the class path, or register a"
				+ " TopicParts that knows it with Topics.register.", null);
	}

	/** What comes with the client. */
	private static final class OwnParts implements TopicParts {

		@Override
		public @Nullable EventValidator<Object> validator(Part part) {
			if (part.equals(AcceptAll.PART)) {
				return EventValidator.acceptAll();
			}
			return switch (part.name()) {
				case EventPatternValidator.NAME -> EventPatternValidator.of(part);
				case JsonSchemaValidator.NAME -> JsonSchemaValidator.of(part);
				default -> null;
			};
		}

		@Override
		public @Nullable Partitioner selector(Part part) {
			return TopicSelectors.of(part);
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> @Nullable EventSerializer<T> serializer(Part part, Class<T> type) {
			EventSerializer<?> serializer = switch (part.name()) {
				case "bytes" -> EventSerializers.bytes();
				case "text" -> EventSerializers.text();
				case "data" -> EventSerializers.data();
				case "event" -> EventSerializers.events();
				case JsonSerializer.NAME -> EventSerializers.json(type);
				case ProtobufSerializer.NAME -> protobuf(part, type);
				default -> null;
			};
			if (serializer != null && serializer.type() != type) {
				throw new InvalidRequestException("The serializer '" + part.name() + "' makes "
						+ serializer.type().getName() + ", not " + type.getName() + ".", null);
			}
			return (EventSerializer<T>) serializer;
		}

		private static EventSerializer<?> protobuf(Part part, Class<?> type) {
			if (!MessageLite.class.isAssignableFrom(type)) {
				throw new InvalidRequestException(
						"The serializer " + part + " makes messages of Protobuf, not " + type.getName() + ".", null);
			}
			ProtobufSerializer<?> serializer = ProtobufSerializer.of(type.asSubclass(MessageLite.class));
			if (!serializer.part().equals(part)) {
				throw new InvalidRequestException("The topic carries messages of Protobuf " + part + ", but "
						+ type.getName() + " is " + serializer.part() + ".", null);
			}
			return serializer;
		}

	}

}
