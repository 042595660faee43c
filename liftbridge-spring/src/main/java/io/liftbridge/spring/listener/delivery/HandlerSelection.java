package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Chooses among the methods of a listener, by what is known of a message: the header
 * {@code payload-type}, then the media type, which tells text from bytes and from
 * objects, then what JSON itself says where the payloads' classes have a supertype with
 * {@code @JsonTypeInfo}. No class is ever loaded because a message names it.
 */
final class HandlerSelection {

	private static final String JSON_TYPE_INFO = "com.fasterxml.jackson.annotation.JsonTypeInfo";

	private final PayloadReader reader;

	private final List<MethodHandler> handlers;

	private final @Nullable MethodHandler fallback;

	private final Map<String, MethodHandler> byName = new HashMap<>();

	private final @Nullable ResolvableType base;

	/**
	 * Creates it.
	 * @throws IllegalStateException if it could not choose between them
	 */
	HandlerSelection(PayloadReader reader, List<MethodHandler> handlers) {
		this.reader = reader;
		this.handlers = List.copyOf(handlers);
		this.fallback = fallback(handlers);
		handlers.forEach(this::addNames);
		addSimpleNames();
		this.base = base(handlers.stream().filter(MethodHandler::isObject).<Class<?>>map(MethodHandler::type).toList());
	}

	private static @Nullable MethodHandler fallback(List<MethodHandler> handlers) {
		List<MethodHandler> defaults = handlers.stream().filter(MethodHandler::isDefault).toList();
		if (defaults.size() > 1) {
			throw new IllegalStateException("has several @LiftbridgeHandler methods with isDefault = true, "
					+ describe(defaults) + ": leave it with one of them.");
		}
		return defaults.isEmpty() ? null : defaults.get(0);
	}

	private void addNames(MethodHandler handler) {
		if (handler.names().isEmpty() && !handler.isDefault()) {
			throw new IllegalStateException("@LiftbridgeHandler method " + handler.describe()
					+ " takes any payload: set isDefault = true, declare a parameter of a type of its own, or set"
					+ " payloadType.");
		}
		for (String name : handler.names()) {
			MethodHandler other = this.byName.putIfAbsent(name, handler);
			if (other != null) {
				throw new IllegalStateException("has two @LiftbridgeHandler methods for payloads of type " + name + ", "
						+ other.describe() + " and " + handler.describe()
						+ ": declare different types, or set payloadType for each.");
			}
		}
	}

	/** What was agreed on counts more, and a name of several classes tells nothing. */
	private void addSimpleNames() {
		Map<String, List<MethodHandler>> bySimpleName = this.handlers.stream()
			.filter((handler) -> handler.definition().payloadTypes().isEmpty() && handler.type() != Object.class)
			.collect(Collectors.groupingBy((handler) -> handler.type().getSimpleName()));
		bySimpleName.forEach((name, handlers) -> {
			if (handlers.size() == 1) {
				this.byName.putIfAbsent(name, handlers.get(0));
			}
		});
	}

	/** The narrowest common supertype of which JSON itself tells the subtype. */
	private static @Nullable ResolvableType base(List<Class<?>> types) {
		if (types.isEmpty()) {
			return null;
		}
		Set<Class<?>> supertypes = new LinkedHashSet<>();
		addSupertypes(types.get(0), supertypes);
		return supertypes.stream()
			.filter((supertype) -> types.stream().allMatch(supertype::isAssignableFrom))
			.filter((supertype) -> Arrays.stream(supertype.getDeclaredAnnotations())
				.anyMatch((annotation) -> annotation.annotationType().getName().equals(JSON_TYPE_INFO)))
			.reduce((first, next) -> first.isAssignableFrom(next) ? next : first)
			.map(ResolvableType::forClass)
			.orElse(null);
	}

	private static void addSupertypes(@Nullable Class<?> type, Set<Class<?>> supertypes) {
		if (type != null && supertypes.add(type)) {
			addSupertypes(type.getSuperclass(), supertypes);
			Arrays.stream(type.getInterfaces()).forEach((supertype) -> addSupertypes(supertype, supertypes));
		}
	}

	/**
	 * Chooses. What had to be converted for that is kept with the message.
	 * @throws HandlerNotFoundException if no method takes it, or several do
	 */
	MethodHandler choose(RawMessage message) {
		if (this.handlers.size() == 1) {
			return this.handlers.get(0);
		}
		ReceivedMessage<byte[]> received = message.message();
		String name = received.headers().text(LiftbridgeHeaders.PAYLOAD_TYPE);
		if (name != null) {
			MethodHandler named = this.byName.get(name);
			return (named != null) ? named
					: otherwise("its header '" + LiftbridgeHeaders.PAYLOAD_TYPE + "' is '" + name + "'");
		}
		String contentType = received.headers().text(LiftbridgeHeaders.CONTENT_TYPE);
		MethodHandler plain = plain(contentType);
		if (plain != null) {
			return plain;
		}
		if (this.base != null) {
			Object payload = this.reader.payload(received, this.base, true);
			if (payload == null) {
				return otherwise("its value is empty");
			}
			message.payload(payload);
			return byClass(payload);
		}
		List<MethodHandler> objects = matching(MethodHandler::isObject);
		return (objects.size() == 1) ? objects.get(0)
				: otherwise("its content-type is " + ((contentType != null) ? "'" + contentType + "'" : "not set")
						+ " and it has no header '" + LiftbridgeHeaders.PAYLOAD_TYPE + "'");
	}

	/** The method for text, or for bytes, if that is what the message holds. */
	private @Nullable MethodHandler plain(@Nullable String contentType) {
		List<MethodHandler> plain = List.of();
		if (contentType == null || contentType.startsWith("application/octet-stream")) {
			plain = matching(MethodHandler::isBytes);
		}
		else if (contentType.startsWith("text/")) {
			plain = matching(MethodHandler::isText);
		}
		return (plain.size() == 1) ? plain.get(0) : null;
	}

	private MethodHandler byClass(Object payload) {
		List<MethodHandler> fitting = matching((handler) -> handler.isObject() && handler.type().isInstance(payload));
		List<MethodHandler> narrowest = new ArrayList<>(fitting);
		narrowest.removeIf((handler) -> fitting.stream()
			.anyMatch((other) -> other.type() != handler.type() && handler.type().isAssignableFrom(other.type())));
		if (narrowest.size() > 1) {
			throw new HandlerNotFoundException("A payload of " + payload.getClass().getName()
					+ " fits several @LiftbridgeHandler methods, " + describe(narrowest)
					+ ", and none is closer than the others. Add a method for this type.");
		}
		return narrowest.isEmpty() ? otherwise("its payload is a " + payload.getClass().getName()) : narrowest.get(0);
	}

	private MethodHandler otherwise(String known) {
		if (this.fallback != null) {
			return this.fallback;
		}
		throw new HandlerNotFoundException(
				"No @LiftbridgeHandler method takes this message: " + known + ", and there are "
						+ describe(this.handlers) + ". Add a method for it, or set isDefault = true of one;"
						+ " or let the sender set the header '" + LiftbridgeHeaders.PAYLOAD_TYPE + "'.");
	}

	private List<MethodHandler> matching(Predicate<MethodHandler> condition) {
		return this.handlers.stream().filter(condition).toList();
	}

	private static String describe(List<MethodHandler> handlers) {
		return handlers.stream().map(MethodHandler::describe).collect(Collectors.joining(" and "));
	}

}
