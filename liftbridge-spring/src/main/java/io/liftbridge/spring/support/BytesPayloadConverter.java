package io.liftbridge.spring.support;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Leaves {@code byte[]} as it is. Arrays are not copied.
 */
public final class BytesPayloadConverter implements PayloadConverter {

	@Override
	public boolean canWrite(Class<?> type) {
		return type == byte[].class;
	}

	/** The sender knows what the bytes are. */
	@Override
	public boolean canWrite(Class<?> type, String contentType) {
		return canWrite(type);
	}

	@Override
	public byte[] write(Object payload) {
		return (byte[]) payload;
	}

	@Override
	public @Nullable String contentType() {
		return null;
	}

	@Override
	public boolean canRead(ResolvableType type, @Nullable String contentType) {
		Class<?> raw = type.resolve(Object.class);
		return raw == byte[].class || (raw == Object.class && contentType == null);
	}

	@Override
	public boolean isRaw() {
		return true;
	}

	@Override
	public Object read(byte[] value, ResolvableType type) {
		return value;
	}

}
