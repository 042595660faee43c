package io.liftbridge.embedded.log;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.ByteString;

/**
 * A message as small as can be.
 */
record Record(String text, String keyText, long expectedOffset) implements LogRecord {

	static Record of(String text) {
		return new Record(text, "", -1);
	}

	static Record of(String key, String text) {
		return new Record(text, key, -1);
	}

	@Override
	public ByteString key() {
		return ByteString.copyFromUtf8(this.keyText);
	}

	@Override
	public int storedSize() {
		return 10;
	}

	@Override
	public byte[] encode(long offset, long timestamp) {
		return this.text.getBytes(StandardCharsets.UTF_8);
	}

}
