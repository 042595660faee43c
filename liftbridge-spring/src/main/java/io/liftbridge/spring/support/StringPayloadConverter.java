package io.liftbridge.spring.support;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Writes and reads text as UTF-8, whatever the {@code content-type} says.
 */
public final class StringPayloadConverter implements PayloadConverter {

	private static final String CONTENT_TYPE = "text/plain;charset=UTF-8";

	@Override
	public boolean canWrite(Class<?> type) {
		return CharSequence.class.isAssignableFrom(type);
	}

	/** The sender knows what kind of text it is. */
	@Override
	public boolean canWrite(Class<?> type, String contentType) {
		return canWrite(type);
	}

	@Override
	public byte[] write(Object payload) {
		return payload.toString().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String contentType() {
		return CONTENT_TYPE;
	}

	@Override
	public boolean canRead(ResolvableType type, @Nullable String contentType) {
		Class<?> raw = type.resolve(Object.class);
		return raw == String.class || raw == CharSequence.class
				|| (raw == Object.class && contentType != null && contentType.startsWith("text/"));
	}

	@Override
	public boolean isRaw() {
		return true;
	}

	@Override
	public Object read(byte[] value, ResolvableType type) {
		return new String(value, StandardCharsets.UTF_8);
	}

}
