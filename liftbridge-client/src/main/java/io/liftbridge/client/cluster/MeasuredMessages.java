package io.liftbridge.client.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Message;

/**
 * Parses what a call brings, and counts its bytes while they are at hand: to add up keys,
 * values and headers of each message later on took a sixth of all work of reading. For
 * one call; used on the event loop only.
 */
final class MeasuredMessages implements MethodDescriptor.Marshaller<Message> {

	private static final MethodDescriptor.Marshaller<Message> PARSER = APIGrpc.getSubscribeMethod()
		.getResponseMarshaller();

	private long bytes;

	@Override
	public InputStream stream(Message message) {
		return PARSER.stream(message);
	}

	@Override
	public Message parse(InputStream stream) {
		int length = length(stream);
		Message message = PARSER.parse(stream);
		this.bytes += (length >= 0) ? length : message.getSerializedSize();
		return message;
	}

	/** Returns -1 if it is not known, for instance as it is compressed. */
	private static int length(InputStream stream) {
		try {
			return (stream instanceof KnownLength) ? stream.available() : -1;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** How many bytes were parsed since the last call. */
	long takeBytes() {
		long taken = this.bytes;
		this.bytes = 0;
		return taken;
	}

}
