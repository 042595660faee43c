package io.liftbridge.spring.support;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Turns payloads of some types into the bytes of a message's value and back. Must be safe
 * for use by many threads.
 */
public interface PayloadConverter {

	/**
	 * Tells whether this converter writes a type.
	 * @param type class of the payload
	 * @return whether it does
	 */
	boolean canWrite(Class<?> type);

	/**
	 * Tells whether this converter writes a type as the sender wants it. Asked where a
	 * message names its media type before it is written.
	 * @param type class of the payload
	 * @param contentType the header {@code content-type} of the message to be sent
	 * @return whether it does; by default, whether it writes the type and the media type
	 * is its own, parameters aside
	 */
	default boolean canWrite(Class<?> type, String contentType) {
		return canWrite(type) && ContentTypes.isSame(contentType(), contentType);
	}

	/**
	 * Writes a payload.
	 * @param payload the payload
	 * @return the bytes of the value, not changed any more
	 * @throws PayloadConversionException if it cannot be written
	 */
	byte[] write(Object payload);

	/**
	 * Tells what kind of bytes this converter writes.
	 * @return the media type for the header {@code content-type}, or {@code null} for
	 * none
	 */
	@Nullable String contentType();

	/**
	 * Tells whether this converter reads a type. Of those that do, one whose
	 * {@link #contentType()} is that of the message is preferred, parameters aside.
	 * @param type the wanted type
	 * @param contentType the message's header {@code content-type}, if it has one
	 * @return whether it does
	 */
	boolean canRead(ResolvableType type, @Nullable String contentType);

	/**
	 * Tells whether this converter takes values as they are, whatever their media type:
	 * where it can read the wanted type no later converter is asked.
	 * @return whether it does, by default {@code false}
	 */
	default boolean isRaw() {
		return false;
	}

	/**
	 * Reads a payload.
	 * @param value the bytes of the value
	 * @param type the wanted type
	 * @return the payload
	 * @throws PayloadConversionException if the bytes do not fit the type
	 */
	Object read(byte[] value, ResolvableType type);

}
