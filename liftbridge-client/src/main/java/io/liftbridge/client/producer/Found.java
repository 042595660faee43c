package io.liftbridge.client.producer;

import com.google.protobuf.ByteString;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.proto.Message;

/**
 * What was read back of a stored message.
 */
record Found(long offset, long timestamp, ByteString token, ByteString producer) {

	static Found of(Message message) {
		return new Found(message.getOffset(), message.getTimestamp(),
				message.getHeadersOrDefault(PublishingId.TOKEN_HEADER, ByteString.EMPTY),
				message.getHeadersOrDefault(PublishingId.PRODUCER_HEADER, ByteString.EMPTY));
	}

}
