package io.liftbridge.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What to measure. */
enum Mode {

	/** Messages, one future each, as many on their way as the window has. */
	PUBLISH,

	/** One confirmed message after the other. */
	LATENCY,

	/** A stream from its beginning. */
	CONSUME,

	/** Records that are stored as batch entries. */
	ENTRIES_PUBLISH,

	/** A stream of batch entries from its beginning. */
	ENTRIES_CONSUME,

	/** {@code publishBulk} of a generator. */
	BULK,

	/** {@code LiftbridgeTemplate.send(byte[])}. */
	TEMPLATE,

	/** What stays in the heap while messages are published and read. */
	HEAP,

	/** A stream into a database with {@code JdbcBulkSink}. */
	SINK,

	/** The same from a stream of batch entries. */
	SINK_ENTRIES,

	/** As many rows into a database in a bare loop, without any stream. */
	ROWS,

	/** A stream from its beginning, by a {@code LiftbridgeListener}. */
	LISTENER,

	/** Many listeners in one application. */
	LISTENERS,

	/** The start of a Boot application with the starter. */
	STARTUP,

	/** The start of the same application without it. */
	STARTUP_PLAIN,

	/** The whole table. */
	ALL;

	/** The name on the command line. */
	String text() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** What another client does that has no such thing. */
	Mode plain() {
		return switch (this) {
			case ENTRIES_PUBLISH, BULK, TEMPLATE -> PUBLISH;
			case ENTRIES_CONSUME, LISTENER -> CONSUME;
			default -> this;
		};
	}

	boolean reads() {
		return this == CONSUME || this == ENTRIES_CONSUME || this == LISTENER || this == SINK || this == SINK_ENTRIES;
	}

	boolean hasDatabase() {
		return this == SINK || this == SINK_ENTRIES || this == ROWS;
	}

	boolean hasEntries() {
		return this == ENTRIES_PUBLISH || this == ENTRIES_CONSUME;
	}

	static Mode parse(String text) {
		return Arrays.stream(values())
			.filter((mode) -> mode.text().equals(text))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"--mode '" + text + "' is unknown, there are " + String.join(", ", names()) + "; see --help"));
	}

	static List<String> names() {
		return Arrays.stream(values()).map(Mode::text).toList();
	}

}
