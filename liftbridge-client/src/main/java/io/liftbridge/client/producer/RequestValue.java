package io.liftbridge.client.producer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.cluster.WireBytes;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;

/**
 * Puts what is stored of a message into its request: key, headers, and the value, which
 * may be compressed.
 */
final class RequestValue {

	private RequestValue() {
	}

	/**
	 * Tells how many bytes of value and further headers there are instead of the value.
	 */
	static int put(Message message, EntryEncoder entries, PublishRequest.Builder request) {
		byte[] key = message.key();
		if (key != null) {
			request.setKey(UnsafeByteOperations.unsafeWrap(key));
		}
		if (!message.headers().isEmpty()) {
			message.headers().forEach((name, value) -> request.putHeaders(name, ByteString.copyFrom(value)));
		}
		EncodedEntry encoded = entries.encode(message);
		if (encoded == null) {
			request.setValue(WireBytes.value(message));
			return message.valueSize();
		}
		return put(encoded, request);
	}

	/** Tells how many bytes of value and headers there are. */
	static int put(EncodedEntry encoded, PublishRequest.Builder request) {
		request.setValue(UnsafeByteOperations.unsafeWrap(encoded.array(), 0, encoded.length()));
		int[] bytes = { encoded.length() };
		encoded.forEachHeader((name, value) -> {
			request.putHeaders(name, UnsafeByteOperations.unsafeWrap(value));
			bytes[0] += name.length() + value.length + MessageSize.HEADER_BYTES;
		});
		return bytes[0];
	}

}
