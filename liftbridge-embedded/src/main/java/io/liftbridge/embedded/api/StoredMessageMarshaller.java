package io.liftbridge.embedded.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;

/**
 * Delivers messages as they are stored, without decoding them.
 */
final class StoredMessageMarshaller implements Marshaller<byte[]> {

	@Override
	public InputStream stream(byte[] message) {
		return new StoredMessageStream(message);
	}

	@Override
	public byte[] parse(InputStream stream) {
		throw new UnsupportedOperationException("A server receives no responses");
	}

	private static final class StoredMessageStream extends ByteArrayInputStream implements Drainable, KnownLength {

		StoredMessageStream(byte[] message) {
			super(message);
		}

		@Override
		public int drainTo(OutputStream target) throws IOException {
			int length = available();
			target.write(this.buf, this.pos, length);
			this.pos = this.count;
			return length;
		}

	}

}
