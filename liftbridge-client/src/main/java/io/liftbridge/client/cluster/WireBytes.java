package io.liftbridge.client.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Hands values to gRPC, and takes those that it brings, without copying them. For use
 * inside the client.
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

	/**
	 * What was received, for whoever has it to himself.
	 * @param bytes a field of a message that nobody else keeps
	 * @return its own array where it has one for itself alone, else a copy
	 */
	public static byte[] array(ByteString bytes) {
		Array array = new Array();
		try {
			UnsafeByteOperations.unsafeWriteTo(bytes, array);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		byte[] found = array.found;
		return (found != null && found.length == bytes.size()) ? found : bytes.toByteArray();
	}

	/**
	 * Headers as they were received, looked at only when somebody asks for them: most are
	 * never.
	 * @param headers the headers by name, which nobody changes any more
	 * @return the headers
	 */
	public static Headers headers(Map<String, ByteString> headers) {
		return headers.isEmpty() ? Headers.empty() : Headers.received(new WireHeaders(headers));
	}

	/** Catches the array behind bytes that were to be written. */
	private static final class Array extends ByteOutput {

		private byte @Nullable [] found;

		@Override
		public void write(byte value) {
			// There is no array behind it.
		}

		@Override
		public void write(byte[] value, int offset, int length) {
			this.found = null;
		}

		@Override
		public void writeLazy(byte[] value, int offset, int length) {
			this.found = (offset == 0 && length == value.length) ? value : null;
		}

		@Override
		public void write(ByteBuffer value) {
			this.found = null;
		}

		@Override
		public void writeLazy(ByteBuffer value) {
			this.found = null;
		}

	}

}
