package io.liftbridge.spring.annotation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.StartupFailurePolicy;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.unit.DataSize;

/**
 * Options of containers that have no attribute of their own, by their names in
 * {@link ContainerProperties}.
 */
final class ContainerOptions {

	private static final Map<String, BiConsumer<ContainerProperties, String>> OPTIONS = new TreeMap<>();

	static {
		add("ack-count", Integer::valueOf, ContainerProperties::setAckCount);
		add("ack-interval", ContainerOptions::duration, ContainerProperties::setAckInterval);
		add("cursor-convention", (text) -> constant(CursorConvention.class, text),
				ContainerProperties::setCursorConvention);
		add("cursor-interval", ContainerOptions::duration, ContainerProperties::setCursorInterval);
		add("encoding-header", Function.identity(), ContainerProperties::setEncodingHeader);
		add("idle-event-interval", ContainerOptions::duration, ContainerProperties::setIdleEventInterval);
		add("lag-interval", ContainerOptions::duration, ContainerProperties::setLagInterval);
		add("large-message-timeout", ContainerOptions::duration, ContainerProperties::setLargeMessageTimeout);
		add("max-large-message-bytes", ContainerOptions::size, ContainerProperties::setMaxLargeMessageBytes);
		add("max-messages-per-second", Double::valueOf, ContainerProperties::setMaxMessagesPerSecond);
		add("max-recovery-pause", ContainerOptions::duration, ContainerProperties::setMaxRecoveryPause);
		add("max-unacknowledged", Integer::valueOf, ContainerProperties::setMaxUnacknowledged);
		add("max-uncompressed-bytes", ContainerOptions::size, ContainerProperties::setMaxUncompressedBytes);
		add("member-id", Function.identity(), ContainerProperties::setMemberId);
		add("prefetch-bytes", (text) -> DataSize.parse(text).toBytes(), ContainerProperties::setPrefetchBytes);
		add("resume-paused", ContainerOptions::flag, ContainerProperties::setResumePaused);
		add("shutdown-timeout", ContainerOptions::duration, ContainerProperties::setShutdownTimeout);
		add("startup-failure-policy", (text) -> constant(StartupFailurePolicy.class, text),
				ContainerProperties::setStartupFailurePolicy);
		add("startup-timeout", ContainerOptions::duration, ContainerProperties::setStartupTimeout);
		add("stream-refresh-interval", ContainerOptions::duration, ContainerProperties::setStreamRefreshInterval);
		add("unknown-encoding", (text) -> constant(UnknownEncoding.class, text),
				ContainerProperties::setUnknownEncoding);
	}

	private ContainerOptions() {
	}

	private static <T> void add(String name, Function<String, T> reader, BiConsumer<ContainerProperties, T> setter) {
		OPTIONS.put(name, (properties, text) -> setter.accept(properties, reader.apply(text)));
	}

	/**
	 * Sets an option.
	 * @param line name and value with {@code =} between them; the name also in the form
	 * {@code camelCase}
	 * @throws IllegalArgumentException if there is no such option, or if the value does
	 * not fit; the message says what does
	 */
	static void apply(ContainerProperties properties, String line) {
		int equals = line.indexOf('=');
		if (equals < 0) {
			throw new IllegalArgumentException("Write it as name=value.");
		}
		String name = line.substring(0, equals).trim();
		BiConsumer<ContainerProperties, String> option = OPTIONS
			.get(name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT));
		if (option == null) {
			throw new IllegalArgumentException("There is no option '" + name + "'. Use one of " + OPTIONS.keySet()
					+ ", or the attribute of that name.");
		}
		option.accept(properties, line.substring(equals + 1).trim());
	}

	private static Duration duration(String text) {
		try {
			return DurationFormatterUtils.detectAndParse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Use a duration such as 500ms, 10s or PT1M.", ex);
		}
	}

	private static int size(String text) {
		return Math.toIntExact(DataSize.parse(text).toBytes());
	}

	private static boolean flag(String text) {
		return switch (text.toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("Use 'true' or 'false'.");
		};
	}

	private static <E extends Enum<E>> E constant(Class<E> type, String text) {
		String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
		return Arrays.stream(type.getEnumConstants())
			.filter((constant) -> constant.name().equals(name))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("Use one of " + Arrays.toString(type.getEnumConstants()) + "."));
	}

}
