package io.liftbridge.spring.support;

import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

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

	/** Also as JSON of a vendor's own, such as {@code application/vnd.order+json}. */
	@Override
	public boolean canWrite(Class<?> type, String contentType) {
		return ContentTypes.isJson(contentType);
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
		if (value.length == 0) {
			throw new PayloadConversionException("The value is empty: there is nothing to read as JSON of type " + type
					+ ". Send a value, or make the parameter @Payload(required = false).", null);
		}
		Object payload;
		try {
			payload = reader(type).readValue(value);
		}
		catch (JacksonException ex) {
			throw new PayloadConversionException(
					"Cannot read " + value.length + " bytes as JSON of type " + type + ": " + JsonProblem.describe(ex),
					ex);
		}
		if (payload == null) {
			throw new PayloadConversionException("Cannot read a JSON null as " + type + ".", null);
		}
		return payload;
	}

	private ObjectReader reader(ResolvableType type) {
		Type declared = type.getType();
		return this.readers
			.computeIfAbsent((declared instanceof Class) ? declared : javaType(type, Set.of()), (key) -> this.mapper
				.readerFor((key instanceof JavaType known) ? known : this.mapper.getTypeFactory().constructType(key)));
	}

	/**
	 * With what the variables inside are bound to, which Jackson does not know. A
	 * variable that is bound by itself, as in {@code T extends Comparable<T>}, is
	 * anything the second time.
	 */
	private JavaType javaType(ResolvableType type, Set<Type> entered) {
		TypeFactory types = this.mapper.getTypeFactory();
		if (type.isArray()) {
			return types.constructArrayType(javaType(type.getComponentType(), entered));
		}
		Set<Type> variables = entered;
		if (type.getType() instanceof TypeVariable<?> variable) {
			if (entered.contains(variable)) {
				return types.constructType(Object.class);
			}
			variables = new HashSet<>(entered);
			variables.add(variable);
		}
		Class<?> raw = type.resolve(Object.class);
		ResolvableType[] generics = type.as(raw).getGenerics();
		if (generics.length == 0 || generics.length != raw.getTypeParameters().length) {
			return types.constructType(raw);
		}
		Set<Type> known = variables;
		return types.constructParametricType(raw,
				Arrays.stream(generics).map((generic) -> javaType(generic, known)).toArray(JavaType[]::new));
	}

}
