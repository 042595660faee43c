package io.liftbridge.client.topic;

import java.util.Map;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Protobuf.
 *
 * @param <T> a generated class
 */
final class ProtobufSerializer<T extends MessageLite> implements EventSerializer<T>, Named {

	static final String NAME = "protobuf";

	static final String MESSAGE = "message";

	private final Class<T> type;

	private final T prototype;

	private ProtobufSerializer(Class<T> type, T prototype) {
		this.type = type;
		this.prototype = prototype;
	}

	static <T extends MessageLite> ProtobufSerializer<T> of(Class<T> type) {
		try {
			return new ProtobufSerializer<>(type, type.cast(type.getMethod("getDefaultInstance").invoke(null)));
		}
		catch (ReflectiveOperationException | NullPointerException ex) {
			throw new InvalidRequestException(type.getName() + " is no class that Protobuf has generated.", ex);
		}
	}

	@Override
	public Class<T> type() {
		return this.type;
	}

	@Override
	public void serialize(T event, Message.Builder message) {
		message.value(event.toByteArray());
	}

	@Override
	public T deserialize(ReceivedMessage<byte[]> message) throws InvalidProtocolBufferException {
		return this.type
			.cast(this.prototype.getParserForType().parseFrom(UnsafeByteOperations.unsafeWrap(message.value())));
	}

	/** Classes of the lite runtime do not know their names. */
	@Override
	public Part part() {
		String name = (this.prototype instanceof MessageOrBuilder full) ? full.getDescriptorForType().getFullName()
				: this.type.getSimpleName();
		return new Part(NAME, Map.of(MESSAGE, name));
	}

	@Override
	public String toString() {
		return part().toString();
	}

}
