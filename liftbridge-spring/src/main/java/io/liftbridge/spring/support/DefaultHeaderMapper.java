package io.liftbridge.spring.support;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.temporal.Temporal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.MimeType;

/**
 * Text travels as UTF-8, {@code byte[]} as it is; numbers, booleans, enums, times, UUIDs
 * and media types travel as their text. Other objects, and headers that have a meaning
 * only inside the application, are left out: so are {@code id} and {@code timestamp}, but
 * only where they are the {@code UUID} and the {@code Long} that each message of
 * spring-messaging has. What arrives is a {@code String} if it is valid UTF-8, otherwise
 * {@code byte[]}: send binary values that may look like text under names that the
 * receiver reads with {@code ReceivedMessage.headers()}.
 */
public final class DefaultHeaderMapper implements HeaderMapper {

	private static final Logger logger = LoggerFactory.getLogger(DefaultHeaderMapper.class);

	/** Set by the server on every message; available as headers of our own. */
	private static final Set<String> FROM_SERVER = Set.of("subject", "reply");

	private static final Set<String> INTERNAL = Set.of(MessageHeaders.REPLY_CHANNEL, MessageHeaders.ERROR_CHANNEL);

	@Override
	public Headers toLiftbridge(Map<String, Object> headers) {
		Map<String, byte[]> mapped = new LinkedHashMap<>();
		headers.forEach((name, value) -> {
			if (!LiftbridgeHeaders.isLocal(name) && !isInternal(name, value) && !FROM_SERVER.contains(name)) {
				byte[] bytes = bytes(value);
				if (bytes == null) {
					logger.debug("Header '{}' is not sent: {} has no text form", name, value.getClass());
				}
				else if (name.equals(MessageHeaders.CONTENT_TYPE)) {
					mapped.putIfAbsent(LiftbridgeHeaders.CONTENT_TYPE, bytes);
				}
				else {
					mapped.put(name, bytes);
				}
			}
		});
		return Headers.of(mapped);
	}

	@Override
	public Map<String, Object> fromLiftbridge(ReceivedMessage<?> message) {
		Map<String, Object> mapped = new HashMap<>();
		message.headers().forEach((name, value) -> {
			if (!FROM_SERVER.contains(name)) {
				mapped.put(name, textOrBytes(value));
			}
		});
		mapped.put(LiftbridgeHeaders.STREAM, message.stream());
		mapped.put(LiftbridgeHeaders.PARTITION, message.partition());
		mapped.put(LiftbridgeHeaders.OFFSET, message.offset());
		if (message.recordCount() > 1) {
			mapped.put(LiftbridgeHeaders.INDEX, message.index());
		}
		mapped.put(LiftbridgeHeaders.TIMESTAMP, message.timestamp());
		mapped.put(LiftbridgeHeaders.SUBJECT, message.subject());
		if (!message.replySubject().isEmpty()) {
			mapped.put(LiftbridgeHeaders.REPLY_SUBJECT, message.replySubject());
		}
		byte[] key = message.key();
		if (key != null) {
			mapped.put(LiftbridgeHeaders.KEY, textOrBytes(key));
		}
		return mapped;
	}

	/** Each message of spring-messaging has an id and a time that nobody asked for. */
	private static boolean isInternal(String name, Object value) {
		return INTERNAL.contains(name) || (name.equals(MessageHeaders.ID) && value instanceof UUID)
				|| (name.equals(MessageHeaders.TIMESTAMP) && value instanceof Long);
	}

	private static byte @Nullable [] bytes(Object value) {
		if (value instanceof byte[] bytes) {
			return bytes;
		}
		if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Character || value instanceof Enum || value instanceof Temporal
				|| value instanceof UUID || value instanceof MimeType) {
			return value.toString().getBytes(StandardCharsets.UTF_8);
		}
		return null;
	}

	private static Object textOrBytes(byte[] value) {
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.onUnmappableCharacter(CodingErrorAction.REPORT)
				.decode(ByteBuffer.wrap(value))
				.toString();
		}
		catch (CharacterCodingException ex) {
			return value;
		}
	}

}
