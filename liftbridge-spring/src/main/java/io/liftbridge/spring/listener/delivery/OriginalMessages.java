package io.liftbridge.spring.listener.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.liftbridge.client.consumer.MessageReader;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a dead letter the message that it was.
 */
final class OriginalMessages {

	private static final Logger logger = LoggerFactory.getLogger(OriginalMessages.class);

	private static final String DLT_PREFIX = LiftbridgeHeaders.PREFIX + "dlt_";

	private final MessageReader reader;

	private final Duration timeout;

	/**
	 * Creates it.
	 * @param reader reads originals whose values are not in their dead letters
	 * @param timeout how long to wait for one
	 */
	OriginalMessages(MessageReader reader, Duration timeout) {
		this.reader = reader;
		this.timeout = timeout;
	}

	/** The stream that a dead letter comes from, {@code null} if it does not tell. */
	static @Nullable String stream(ReceivedMessage<byte[]> letter) {
		return letter.headers().text(LiftbridgeHeaders.DLT_STREAM);
	}

	/** Returns {@code null} if there is no value any more. */
	@Nullable Message of(ReceivedMessage<byte[]> letter) {
		int partition = (int) number(letter, LiftbridgeHeaders.DLT_PARTITION);
		ReceivedMessage<byte[]> source = letter;
		if (letter.headers().get(LiftbridgeHeaders.DLT_VALUE_OMITTED) != null) {
			source = read(letter, partition);
			if (source == null) {
				return null;
			}
		}
		Map<String, byte[]> headers = new LinkedHashMap<>();
		source.headers().forEach((name, value) -> {
			if (name.startsWith(LiftbridgeHeaders.DLT_ENTRY_PREFIX)) {
				headers.put(name.substring(LiftbridgeHeaders.DLT_ENTRY_PREFIX.length()), value);
			}
			else if (!name.startsWith(DLT_PREFIX) && !name.equals("subject") && !name.equals("reply")) {
				headers.put(name, value);
			}
		});
		headers.put(LiftbridgeHeaders.DLT_REPLAYED_FROM,
				(letter.stream() + "/" + letter.partition() + "@" + letter.offset()).getBytes(StandardCharsets.UTF_8));
		return Message.builder()
			.key(source.key())
			.value(source.value())
			.headers(Headers.of(headers))
			.partition((partition >= 0) ? partition : Message.ANY_PARTITION)
			.ackPolicy(AckPolicy.ALL)
			.build();
	}

	/** The message that was too large for a dead letter, if it is still there. */
	private @Nullable ReceivedMessage<byte[]> read(ReceivedMessage<byte[]> letter, int partition) {
		String stream = stream(letter);
		long offset = number(letter, LiftbridgeHeaders.DLT_OFFSET);
		if (stream == null || partition < 0 || offset < 0) {
			return null;
		}
		try {
			List<ReceivedMessage<byte[]>> found = this.reader.readAll(stream, partition, offset, this.timeout);
			int index = (int) Math.max(0, number(letter, LiftbridgeHeaders.DLT_INDEX));
			return (index < found.size()) ? found.get(index) : null;
		}
		catch (LiftbridgeException ex) {
			logger.debug("The original of {} cannot be read", letter, ex);
			return null;
		}
	}

	private static long number(ReceivedMessage<byte[]> letter, String header) {
		String text = letter.headers().text(header);
		try {
			return (text != null) ? Long.parseLong(text) : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
