package io.liftbridge.spring.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Several converters in the order in which they are asked. Immutable and safe for use by
 * many threads.
 */
public final class PayloadConverters {

	private static final boolean JACKSON = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			PayloadConverters.class.getClassLoader());

	private static final String JACKSON_REMEDY = " Add tools.jackson.core:jackson-databind for JSON, or a"
			+ " PayloadConverter for this type.";

	private final List<PayloadConverter> converters;

	private PayloadConverters(List<PayloadConverter> converters) {
		this.converters = converters;
	}

	/**
	 * Asks the given converters only.
	 * @param converters the converters in order
	 * @return the converters
	 */
	public static PayloadConverters of(Collection<? extends PayloadConverter> converters) {
		return new PayloadConverters(List.copyOf(converters));
	}

	/**
	 * Bytes, text, and everything else as JSON if Jackson 3 is on the class path.
	 * @return the converters
	 */
	public static PayloadConverters defaults() {
		return withDefaults(List.of());
	}

	/**
	 * Asks the given converters first, then the default ones.
	 * @param first the converters in order
	 * @return the converters
	 */
	public static PayloadConverters withDefaults(Collection<? extends PayloadConverter> first) {
		List<PayloadConverter> all = new ArrayList<>(first);
		all.add(new BytesPayloadConverter());
		all.add(new StringPayloadConverter());
		if (JACKSON) {
			all.add(new JacksonPayloadConverter());
		}
		return new PayloadConverters(List.copyOf(all));
	}

	/**
	 * Writes a payload with the first converter that can.
	 * @param payload the payload
	 * @return the bytes with their media type
	 * @throws PayloadConversionException if none can, or if it fails
	 */
	public Written write(Object payload) {
		return write(payload, null);
	}

	/**
	 * Writes a payload with the first converter that writes it as the given media type,
	 * or else with the first that can write it at all.
	 * @param payload the payload
	 * @param contentType the wanted media type, {@code null} for any
	 * @return the bytes with their media type: the wanted one if a converter has it
	 * @throws PayloadConversionException if none can, or if it fails
	 */
	public Written write(Object payload, @Nullable String contentType) {
		if (contentType != null) {
			for (PayloadConverter converter : this.converters) {
				if (converter.canWrite(payload.getClass(), contentType)) {
					return new Written(converter.write(payload), contentType);
				}
			}
		}
		for (PayloadConverter converter : this.converters) {
			if (converter.canWrite(payload.getClass())) {
				return new Written(converter.write(payload), converter.contentType());
			}
		}
		throw new PayloadConversionException(
				"No converter writes a payload of " + payload.getClass().getName() + "." + remedy(), null);
	}

	/**
	 * Reads a payload with the first converter of its media type that can, or else with
	 * the first that can.
	 * @param value the bytes
	 * @param type the wanted type
	 * @param contentType the message's media type, if it is known
	 * @return the payload
	 * @throws PayloadConversionException if none can, or if it fails
	 */
	public Object read(byte[] value, ResolvableType type, @Nullable String contentType) {
		PayloadConverter reader = reader(type, contentType);
		if (reader != null) {
			return reader.read(value, type);
		}
		if (type.resolve(Object.class) == Object.class) {
			return value;
		}
		throw new PayloadConversionException("No converter reads a value as " + type + "." + remedy(), null);
	}

	/**
	 * Tells whether a value would be read as JSON, in which {@code null} is nothing.
	 * @param type the wanted type
	 * @param contentType the message's media type, if it is known
	 * @return whether the converter that reads it is one for JSON
	 */
	public boolean readsJson(ResolvableType type, @Nullable String contentType) {
		PayloadConverter reader = reader(type, contentType);
		String own = (reader != null) ? reader.contentType() : null;
		return own != null && ContentTypes.isJson(own);
	}

	private @Nullable PayloadConverter reader(ResolvableType type, @Nullable String contentType) {
		PayloadConverter able = null;
		for (PayloadConverter converter : this.converters) {
			if (converter.canRead(type, contentType)) {
				if (ContentTypes.isSame(converter.contentType(), contentType)) {
					return converter;
				}
				able = (able != null) ? able : converter;
				if (converter.isRaw()) {
					break;
				}
			}
		}
		return able;
	}

	/**
	 * Reads the payload of a message by its header {@code content-type}.
	 * @param message the message as it was read
	 * @param type the wanted type
	 * @return the payload
	 * @throws PayloadConversionException if no converter can, or if it fails
	 */
	public Object read(ReceivedMessage<byte[]> message, ResolvableType type) {
		return read(message.value(), type, message.headers().text(LiftbridgeHeaders.CONTENT_TYPE));
	}

	private static String remedy() {
		return JACKSON ? " Add a PayloadConverter for this type." : JACKSON_REMEDY;
	}

	/**
	 * What a converter wrote.
	 *
	 * @param value the bytes
	 * @param contentType their media type, or {@code null}
	 */
	public record Written(byte[] value, @Nullable String contentType) {
	}

}
