package io.liftbridge.spring.support;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads everything else as JSON with Jackson 3. The type to read comes from
 * the receiver: messages carry no type information.
 */
public final class JacksonPayloadConverter implements PayloadConverter {

	private static final String CONTENT_TYPE = "application/json";

	private final JsonMapper mapper;

	private final ConcurrentMap<Type, ObjectReader> readers = new ConcurrentHashMap<>();

	/**
	 * Uses a mapper with Jackson's defaults.
	 */
	public JacksonPayloadConverter() {
		this(JsonMapper.builder().build());
	}

	/**
	 * Uses a mapper.
	 * @param mapper the mapper
	 */
	public JacksonPayloadConverter(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public boolean canWrite(Class<?> type) {
		return true;
	}

	@Override
	public byte[] write(Object payload) {
		try {
			return this.mapper.writeValueAsBytes(payload);
		}
		catch (JacksonException ex) {
			throw new PayloadConversionException("Cannot write a payload of " + payload.getClass().getName()
					+ " as JSON: " + ex.getOriginalMessage(), ex);
		}
	}

	@Override
	public String contentType() {
		return CONTENT_TYPE;
	}

	@Override
	public boolean canRead(ResolvableType type, @Nullable String contentType) {
		return type.resolve(Object.class) != Object.class || (contentType != null && contentType.contains("json"));
	}

	@Override
	public Object read(byte[] value, ResolvableType type) {
		Object payload;
		try {
			payload = reader(concrete(type)).readValue(value);
		}
		catch (JacksonException ex) {
			// Not the original message: it may quote the payload.
			throw new PayloadConversionException("Cannot read " + value.length + " bytes as JSON of type " + type + ": "
					+ ex.getClass().getSimpleName() + place(ex), ex);
		}
		if (payload == null) {
			throw new PayloadConversionException("Cannot read a JSON null as " + type + ".", null);
		}
		return payload;
	}

	/** A variable or a wildcard means what it is bound to. */
	private static Type concrete(ResolvableType type) {
		Type declared = type.getType();
		return (declared instanceof Class || declared instanceof ParameterizedType
				|| declared instanceof GenericArrayType) ? declared : type.resolve(Object.class);
	}

	private ObjectReader reader(Type type) {
		return this.readers.computeIfAbsent(type, (key) -> {
			JavaType javaType = this.mapper.getTypeFactory().constructType(key);
			return this.mapper.readerFor(javaType);
		});
	}

	private static String place(JacksonException ex) {
		return (ex.getLocation() != null)
				? " at line " + ex.getLocation().getLineNr() + ", column " + ex.getLocation().getColumnNr() + "." : ".";
	}

}
