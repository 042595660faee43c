package io.liftbridge.client.cluster;

import java.nio.ByteBuffer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.Message;

/**
 * Hands values to gRPC without copying them. For use inside the client.
 */
public final class WireBytes {

	private WireBytes() {
	}

	/**
	 * The value of a message.
	 * @param message the message
	 * @return its value, in as many parts as it has
	 */
	public static ByteString value(Message message) {
		Data data = message.parts();
		if (data == null) {
			return UnsafeByteOperations.unsafeWrap(message.value());
		}
		ByteString value = ByteString.EMPTY;
		for (ByteBuffer part : data.parts()) {
			value = value.concat(UnsafeByteOperations.unsafeWrap(part));
		}
		return value;
	}

}
